//! Check digits: a barcode that was read wrongly says so itself.
//!
//! EAN-8, EAN-13 (with it ISBN-13) and ISBN-10 carry a check digit. A code of another length carries none that could be
//! known, so it is taken as it is.

/// Whether a code has the form of one with a check digit, and the wrong one.
pub fn is_damaged(code: &str) -> bool {
    let plain: Vec<u8> = code.bytes().filter(|b| *b != b'-').collect();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    match plain.len() {
        8 | 13 if digits(&plain) => !ean(&plain),
        // Ten digits may be anybody's own number; with an X, or with hyphens, they are an ISBN.
        10 if digits(&plain[..9]) && (matches!(plain[9], b'X' | b'x') || (code.contains('-') && digits(&plain))) => {
            !isbn10(&plain)
        }
        _ => false,
    }
}

/// Weights 1 and 3 from the right add up to a multiple of ten.
fn ean(digits: &[u8]) -> bool {
    let weighted = digits.iter().rev().enumerate().map(|(at, b)| u32::from(b - b'0') * if at % 2 == 0 { 1 } else { 3 });
    weighted.sum::<u32>() % 10 == 0
}

/// Weights 10 to 1 add up to a multiple of eleven; X stands for ten.
fn isbn10(plain: &[u8]) -> bool {
    let value = |b: u8| if b.is_ascii_digit() { u32::from(b - b'0') } else { 10 };
    plain.iter().zip((1..=10).rev()).map(|(b, weight)| value(*b) * weight).sum::<u32>() % 11 == 0
}

#[cfg(test)]
mod tests {
    use super::is_damaged;

    #[test]
    fn a_wrong_check_digit_is_damage_and_other_codes_have_none() {
        for good in
            ["9787020002207", "978-7-02-000220-7", "96385074", "080442957X", "0-8044-2957-X", "HJ01", "1234567890"]
        {
            assert!(!is_damaged(good), "{good}");
        }
        for bad in ["9787020002208", "9787020002270", "96385075", "080442958X", "0-8044-2958-X"] {
            assert!(is_damaged(bad), "{bad}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let good = "6901234567892";
        assert!(!is_damaged(good));
        for at in 0..good.len() {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = good.chars().collect();
                wrong[at] = digit;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(is_damaged(&wrong), wrong != good, "{wrong}");
            }
        }
    }
}
