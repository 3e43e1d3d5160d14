//! The parties of the regulation. People are never named here.

use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// A party of the regulation. A person can hold several.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Role { $($(#[$doc])* $name),* }

        impl Role {
            /// Every role, in the order of the rulebook.
            pub const ALL: &[Role] = &[$(Role::$name),*];

            /// The role's name in data and in the locale files.
            pub const fn key(self) -> &'static str { match self { $(Role::$name => $key),* } }

            /// The key of its words in the locale files.
            pub const fn label(self) -> &'static str { match self { $(Role::$name => concat!("role.", $key)),* } }
        }
    };
}

roles! {
    /// 电商专员: enters dealers and orders.
    Clerk = "clerk";
    /// 电商主管: the first signature.
    EcommerceSupervisor = "ecommerce_supervisor";
    /// 仓管员: packs and ships, keeps the goods.
    Keeper = "keeper";
    /// 财务: the only role that touches money (M3.0).
    Finance = "finance";
    /// 营销中心内勤: matches offline customers, keeps files and waybills.
    BackOffice = "back_office";
    /// 市场部推广主管: the second signature.
    PromotionSupervisor = "promotion_supervisor";
    /// 销管部运营主管: the third signature.
    SalesOpsSupervisor = "sales_ops_supervisor";
    /// 运营总监.
    OperationsDirector = "operations_director";
    /// 店长.
    StoreManager = "store_manager";
    /// 客服.
    CustomerService = "customer_service";
    /// 管理员: people and settings only; signs nothing, confirms nothing, counts nothing.
    Administrator = "administrator";
}

/// The roles one person holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Roles(u16);

impl Roles {
    /// No role.
    pub const NONE: Roles = Roles(0);

    /// The roles listed.
    pub fn of(roles: &[Role]) -> Roles {
        roles.iter().fold(Roles::NONE, |held, role| Roles(held.0 | 1 << *role as u16))
    }

    /// Whether `role` is among them.
    pub const fn holds(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }

    /// Whether any of `roles` is among them.
    pub fn any(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.holds(*role))
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The roles held, in the order of the rulebook.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |role| self.holds(*role))
    }
}

impl Serialize for Roles {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_seq(self.iter()) } else { to.serialize_u16(self.0) }
    }
}

impl<'de> Deserialize<'de> for Roles {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Roles, D::Error> {
        if from.is_human_readable() {
            return Vec::<Role>::deserialize(from).map(|roles| Roles::of(&roles));
        }
        u16::deserialize(from).map(Roles)
    }
}

impl schemars::JsonSchema for Roles {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Roles".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Role>::json_schema(generator)
    }
}
