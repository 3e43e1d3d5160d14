//! What a role may not see is not shown (P3): accounts and telephone numbers, all but enough to tell them apart.

use super::role::{Role, Roles};
use super::text::Text;

/// Who may see what, of one caller.
#[derive(Debug, Clone, Copy)]
pub struct Sight {
    accounts: bool,
    phones: bool,
}

impl Sight {
    /// What these roles see: accounts is who keeps files or money, phones also is who packs and who answers customers.
    /// `None` is the owner of the store, who sees the file as it is.
    pub fn of(roles: Option<Roles>) -> Sight {
        let Some(roles) = roles else { return Sight { accounts: true, phones: true } };
        let files = [Role::Clerk, Role::EcommerceSupervisor, Role::Finance, Role::BackOffice];
        let accounts = roles.any(&files);
        Sight { accounts, phones: accounts || roles.any(&[Role::Keeper, Role::CustomerService]) }
    }

    /// An account number as it may be shown.
    pub fn account(self, number: &Text) -> Text {
        if self.accounts { number.clone() } else { masked(number) }
    }

    /// A telephone number as it may be shown.
    pub fn phone(self, number: &Text) -> Text {
        if self.phones { number.clone() } else { masked(number) }
    }
}

/// The first three characters and the last four, or less of a short text; never more than half of it.
fn masked(text: &Text) -> Text {
    let chars: Vec<char> = text.chars().collect();
    let (head, tail) = match chars.len() {
        0 => return text.clone(),
        1..=5 => (1, 0),
        6..=13 => (3, chars.len() / 2 - 3),
        _ => (3, 4),
    };
    let head: String = chars[..head].iter().collect();
    let tail: String = chars[chars.len() - tail..].iter().collect();
    Text::new(&format!("{head}****{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_half_is_shown() {
        for (text, shown) in [
            ("13800001234", "138****34"),
            ("wang@example.com", "wan****.com"),
            ("王五", "王****"),
            ("", ""),
            ("123456", "123****"),
            ("2088000000000001", "208****0001"),
        ] {
            assert_eq!(masked(&Text::new(text)).as_str(), shown);
        }
    }

    #[test]
    fn who_packs_sees_the_phone_and_not_the_account() {
        let number = Text::new("13800001234");
        let keeper = Sight::of(Some(Roles::of(&[Role::Keeper])));
        assert_eq!(keeper.phone(&number), number);
        assert_ne!(keeper.account(&number), number);
        let promoter = Sight::of(Some(Roles::of(&[Role::PromotionSupervisor])));
        assert_ne!(promoter.phone(&number), number);
        assert_eq!(Sight::of(None).account(&number), number);
    }
}
