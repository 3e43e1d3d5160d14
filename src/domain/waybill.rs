//! Carriers and the form of their waybill numbers (M4.3).
//!
//! The forms are community practice, not a published standard, so the carrier chosen by the keeper decides
//! and the form only guards against a scan of something else; [`Carrier::Other`] takes any plain code.

use serde::{Deserialize, Serialize};

use super::text::{Text, fold};

macro_rules! carriers {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// A carrier (快递公司).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Carrier { $($(#[$doc])* $name),* }

        impl Carrier {
            /// Every carrier.
            pub const ALL: &[Carrier] = &[$(Carrier::$name),*];

            /// The carrier's name in data and in the locale files.
            pub const fn key(self) -> &'static str { match self { $(Carrier::$name => $key),* } }
        }
    };
}

carriers! {
    /// 顺丰.
    Sf = "sf";
    /// 中通.
    Zto = "zto";
    /// 圆通.
    Yto = "yto";
    /// 申通.
    Sto = "sto";
    /// 韵达.
    Yunda = "yunda";
    /// 极兔.
    Jt = "jt";
    /// 京东.
    Jd = "jd";
    /// EMS 邮政.
    Ems = "ems";
    /// Any other.
    Other = "other";
}

impl Carrier {
    /// The number in its plain form (folded, upper case, no blanks), or nothing where it is none of this carrier's.
    pub fn number(self, raw: &str) -> Option<Text> {
        let plain: String = fold(raw).chars().filter(|c| !c.is_whitespace()).collect();
        let number = plain.to_ascii_uppercase();
        self.fits(&number).then(|| Text::new(&number))
    }

    /// The carriers, other than [`Carrier::Other`], whose form the number has: a hint, since plain digits are ambiguous.
    pub fn guess(raw: &str) -> Vec<Carrier> {
        Carrier::ALL.iter().copied().filter(|c| *c != Carrier::Other && c.number(raw).is_some()).collect()
    }

    fn fits(self, number: &str) -> bool {
        let digits =
            |text: &str, lengths: &[usize]| lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let after = |head: &str, lengths: &[usize]| number.strip_prefix(head).is_some_and(|rest| digits(rest, lengths));
        match self {
            Carrier::Sf => after("SF", &[12, 13, 14, 15]) || digits(number, &[12]),
            Carrier::Zto => digits(number, &[12, 13, 14]),
            Carrier::Yto => after("YT", &[13]) || digits(number, &[10, 12, 13, 18]) || letter_and_nine(number),
            Carrier::Sto => digits(number, &[12, 13, 15]) || after("STO", &[10]),
            Carrier::Yunda => digits(number, &[13, 15]),
            Carrier::Jt => after("JT", &[13]),
            Carrier::Jd => number.strip_prefix("JD").is_some_and(|rest| {
                let body = rest.trim_start_matches(|c: char| c.is_ascii_uppercase());
                rest.len() - body.len() <= 3 && digits(body, &[10, 11, 12, 13, 14, 15])
            }),
            Carrier::Ems => digits(number, &[13]) || postal(number),
            Carrier::Other => {
                let plain = number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                (6..=30).contains(&number.len()) && plain
            }
        }
    }
}

fn letter_and_nine(number: &str) -> bool {
    number.len() == 10
        && number.starts_with(['D', 'E', 'F', 'G', 'V', 'W'])
        && number.bytes().skip(1).all(|b| b.is_ascii_digit())
}

fn postal(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 13
        && bytes[..2].iter().chain(&bytes[11..]).all(u8::is_ascii_uppercase)
        && bytes[2..11].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_carrier_knows_its_own_numbers() {
        let rows = [
            (Carrier::Sf, "SF1402345678901", true),
            (Carrier::Sf, "sf 1402345678901", true),
            (Carrier::Sf, "9787536692930", false),
            (Carrier::Zto, "78123456789012", true),
            (Carrier::Zto, "7812345678", false),
            (Carrier::Yto, "YT1234567890123", true),
            (Carrier::Sto, "771234567890123", true),
            (Carrier::Yunda, "4312345678901", true),
            (Carrier::Jt, "JT1234567890123", true),
            (Carrier::Jt, "JT12345678901234", false),
            (Carrier::Jd, "JDVA12345678901", true),
            (Carrier::Jd, "JDABCD123456789", false),
            (Carrier::Ems, "EA123456789CN", true),
            (Carrier::Other, "DB-2026-0001", true),
            (Carrier::Other, "=1+2", false),
            (Carrier::Sf, "", false),
        ];
        for (carrier, number, good) in rows {
            assert_eq!(carrier.number(number).is_some(), good, "{} {number}", carrier.key());
        }
    }
}
