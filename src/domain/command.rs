//! Every command with its name and the roles it belongs to: the one reviewed table.
//!
//! Nobody has a right that [`Command::permit`] does not check, and no command can exist without a row here.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::role::{Role, Roles};
use super::{
    Actor, arranging, bill, claim, confirming, counting, export, filing, goods, ledger, mailing, moving, parting,
    person, place, premises, promotion, receiving, requisition, resolving, setting, settlement, settling, shipment,
    shipping, signing, slow, statement, taking, write_off,
};
use Role::*;

/// Anybody who has signed in.
const EVERYONE: &[Role] = Role::ALL;
/// Who enters and changes orders.
const ORDERS: &[Role] = &[Clerk, EcommerceSupervisor];

/// Who may be appointed to count: everybody but the administrator.
const COUNTERS: &[Role] = &[
    Clerk,
    EcommerceSupervisor,
    Keeper,
    Finance,
    BackOffice,
    PromotionSupervisor,
    SalesOpsSupervisor,
    OperationsDirector,
    StoreManager,
    CustomerService,
];
/// Who finds out what a difference came of (W9).
const EXPLAINERS: &[Role] = &[Keeper, EcommerceSupervisor, Finance];

macro_rules! commands {
    ($($name:ident($kind:ty) = $key:literal, $roles:expr, $clause:ident;)*) => {
        /// Something that a person asks the books to do.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(tag = "do", rename_all = "snake_case")]
        pub enum Command { $(#[doc = concat!("`", $key, "`.")] $name($kind)),* }

        impl Command {
            /// The names of all commands.
            pub const NAMES: &[&str] = &[$($key),*];

            /// The command's name in data, keymaps and the locale files.
            pub const fn name(&self) -> &'static str { match self { $(Command::$name(_) => $key),* } }

            /// The roles it belongs to, and the clause that says so.
            pub const fn belongs_to(&self) -> (&'static [Role], Clause) {
                match self { $(Command::$name(_) => ($roles, Clause::$clause)),* }
            }

            /// The roles that may try the command of that name, and the clause that says so.
            pub fn roles_of(name: &str) -> Option<(&'static [Role], Clause)> {
                match name { $($key => Some(($roles, Clause::$clause)),)* _ => None }
            }
        }

        /// Does the same for the command inside each variant.
        macro_rules! each_command {
            ($command:expr, $inner:ident => $body:expr) => {
                match $command { $($crate::domain::command::Command::$name($inner) => $body),* }
            };
        }
    };
}

commands! {
    AppointPerson(person::AppointPerson) = "appoint_person", &[Administrator], OwnWork;
    ChangeRoles(person::ChangeRoles) = "change_roles", &[Administrator], OwnWork;
    BindUnix(person::BindUnix) = "bind_unix", &[Administrator], OwnWork;
    SetActive(person::SetActive) = "set_active", &[Administrator], OwnWork;
    NotePassphrase(person::NotePassphrase) = "note_passphrase", EVERYONE, OwnWork;
    ChangeSettings(setting::ChangeSettings) = "change_settings", &[Administrator], OwnWork;
    DefineTier(setting::DefineTier) = "define_tier", &[EcommerceSupervisor], OwnWork;
    DefineFreeShipping(setting::DefineFreeShipping) = "define_free_shipping", &[EcommerceSupervisor], OwnWork;
    OpenAccount(setting::OpenAccount) = "open_account", &[Finance], NoCash;
    ListArticle(goods::ListArticle) = "list_article", ORDERS, OwnWork;
    ReviseArticle(goods::ReviseArticle) = "revise_article", ORDERS, OwnWork;
    SetPrice(goods::SetPrice) = "set_price", &[EcommerceSupervisor], OwnWork;
    ReceiveGoods(goods::ReceiveGoods) = "receive_goods", &[Keeper], OwnWork;
    DefinePlace(place::DefinePlace) = "define_place", &[Keeper, EcommerceSupervisor], FixedPlaces;
    SubmitRequisition(requisition::SubmitRequisition) = "submit_requisition", ORDERS, FromStock;
    AcknowledgeRequisition(requisition::AcknowledgeRequisition) = "acknowledge_requisition", &[BackOffice], FromStock;
    NoteSent(requisition::NoteSent) = "note_sent", &[Clerk, EcommerceSupervisor, Keeper], FromStock;
    CloseRequisition(requisition::CloseRequisition) = "close_requisition", &[EcommerceSupervisor], FromStock;
    PrepareSettlement(settlement::PrepareSettlement) = "prepare_settlement", &[EcommerceSupervisor], MonthSettled;
    ConfirmSettlement(settlement::ConfirmSettlement) = "confirm_settlement", &[Finance], MonthSettled;
    DraftPromotion(promotion::DraftPromotion) = "draft_promotion", ORDERS, PromotionFirst;
    RevisePromotion(promotion::RevisePromotion) = "revise_promotion", ORDERS, PromotionFirst;
    SubmitPromotion(promotion::SubmitPromotion) = "submit_promotion", ORDERS, PromotionFirst;
    ConfirmPromotion(promotion::ConfirmPromotion) = "confirm_promotion", promotion::PARTIES, PromotionFirst;
    RejectPromotion(promotion::RejectPromotion) = "reject_promotion", promotion::PARTIES, PromotionFirst;
    EndPromotion(promotion::EndPromotion) = "end_promotion", promotion::ENDERS, PromotionFirst;
    PrepareWriteOff(write_off::PrepareWriteOff) = "prepare_write_off", &[EcommerceSupervisor], GiftByRule;
    ConfirmWriteOff(write_off::ConfirmWriteOff) = "confirm_write_off", &[Finance], GiftByRule;
    NoteCheck(premises::NoteCheck) = "note_check", &[Keeper], ThreeChecks;
    ReadCheck(premises::ReadCheck) = "read_check", receiving::READERS, ThreeChecks;
    NoteVisitor(premises::NoteVisitor) = "note_visitor", &[Keeper], VisitorsNoted;
    NoteVisitorLeft(premises::NoteVisitorLeft) = "note_visitor_left", &[Keeper], VisitorsNoted;
    ProposeForSlow(slow::ProposeForSlow) = "propose_for_slow", &[Keeper, EcommerceSupervisor], StockLow;
    EnterBill(bill::EnterBill) = "enter_bill", &[Clerk, EcommerceSupervisor, Keeper], GoodsChecked;
    ReceiveBill(receiving::ReceiveBill) = "receive_bill", &[Keeper], GoodsChecked;
    ReadReport(receiving::ReadReport) = "read_report", receiving::READERS, RefuseDiffering;
    MoveGoods(moving::MoveGoods) = "move_goods", &[Keeper], FixedPlaces;
    MarkDamaged(moving::MarkDamaged) = "mark_damaged", &[Keeper], OwnWork;
    SettleDamaged(moving::SettleDamaged) = "settle_damaged", &[EcommerceSupervisor], OwnWork;
    FileDealer(filing::FileDealer) = "file_dealer", ORDERS, DealerFile;
    ReviseDealer(filing::ReviseDealer) = "revise_dealer", ORDERS, DealerFile;
    AcknowledgeDealer(filing::AcknowledgeDealer) = "acknowledge_dealer", &[Finance, BackOffice], FileHandedOn;
    MatchOffline(filing::MatchOffline) = "match_offline", &[BackOffice], OfflineMatch;
    ReferCustomer(filing::ReferCustomer) = "refer_customer", &[Clerk, EcommerceSupervisor, CustomerService], TmallOnly;
    EnterOrder(taking::EnterOrder) = "enter_order", ORDERS, OwnWork;
    EnterTmallOrder(taking::EnterTmallOrder) = "enter_tmall_order", ORDERS, OwnWork;
    ChangeOrder(taking::ChangeOrder) = "change_order", ORDERS, OwnWork;
    CancelOrder(taking::CancelOrder) = "cancel_order", ORDERS, OwnWork;
    ImportStatement(statement::ImportStatement) = "import_statement", &[Finance], NoCash;
    ConfirmPayment(confirming::ConfirmPayment) = "confirm_payment", &[Finance], NoCash;
    ReturnPayment(settling::ReturnPayment) = "return_payment", &[Finance], NoCash;
    UseCredit(settling::UseCredit) = "use_credit", &[Finance], NoCash;
    ReturnCredit(settling::ReturnCredit) = "return_credit", &[Finance], NoCash;
    ReleaseAllocation(settling::ReleaseAllocation) = "release_allocation", &[Finance], NoCash;
    TolerateShortfall(settling::TolerateShortfall) = "tolerate_shortfall", &[Finance], NoCash;
    CreditOrder(settling::CreditOrder) = "credit_order", &[Finance], NoCash;
    SettleClaim(claim::SettleClaim) = "settle_claim", &[Finance], NoCash;
    SettleConflict(settling::SettleConflict) = "settle_conflict", &[Finance], NoCash;
    SignShipment(signing::SignShipment) = "sign_shipment", shipment::STEPS, ThreeSign;
    ObjectShipment(signing::ObjectShipment) = "object_shipment", shipment::STEPS, ThreeSign;
    LiftObjection(signing::LiftObjection) = "lift_objection", shipment::STEPS, ThreeSign;
    ExceptShipment(signing::ExceptShipment) = "except_shipment", shipment::STEPS, ThreeSign;
    PackShipment(shipping::PackShipment) = "pack_shipment", &[Keeper], OwnWork;
    UnpackShipment(shipping::UnpackShipment) = "unpack_shipment", &[Keeper], OwnWork;
    NoteWaybill(shipping::NoteWaybill) = "note_waybill", &[Keeper], OwnWork;
    ShipShipment(shipping::ShipShipment) = "ship_shipment", &[Keeper], OwnWork;
    SplitShipment(parting::SplitShipment) = "split_shipment", &[Keeper, EcommerceSupervisor], OwnWork;
    CloseShipment(parting::CloseShipment) = "close_shipment", &[EcommerceSupervisor], OwnWork;
    CloseDay(ledger::CloseDay) = "close_day", &[EcommerceSupervisor], DailyLedger;
    SetAddress(mailing::SetAddress) = "set_address", &[Administrator], OwnWork;
    HurryLetter(mailing::HurryLetter) = "hurry_letter", &[EcommerceSupervisor, BackOffice], DailyLedger;
    NoteExport(export::NoteExport) = "note_export", EVERYONE, Secrets;
    TakeBackGoods(parting::TakeBackGoods) = "take_back_goods", &[Keeper], OwnWork;
    OpenStocktake(arranging::OpenStocktake) = "open_stocktake", &[BackOffice], TwoCount;
    AppointRecount(arranging::AppointRecount) = "appoint_recount", &[BackOffice], CountAgain;
    AbandonStocktake(arranging::AbandonStocktake) = "abandon_stocktake", &[BackOffice], TwoCount;
    CountGoods(counting::CountGoods) = "count_goods", COUNTERS, TwoCount;
    CorrectCount(counting::CorrectCount) = "correct_count", COUNTERS, TwoCount;
    UndoCount(counting::UndoCount) = "undo_count", COUNTERS, TwoCount;
    RepeatCount(counting::RepeatCount) = "repeat_count", COUNTERS, TwoCount;
    SubmitSheet(counting::SubmitSheet) = "submit_sheet", COUNTERS, TwoCount;
    ExplainDifference(resolving::ExplainDifference) = "explain_difference", EXPLAINERS, QuarterCount;
    AgreeStocktake(resolving::AgreeStocktake) = "agree_stocktake", &[Finance], QuarterCount;
    ConfirmStocktake(resolving::ConfirmStocktake) = "confirm_stocktake", &[EcommerceSupervisor], CountAgain;
}

pub(crate) use each_command;

impl Command {
    /// Whether the command moves money or is a signature, for which the passphrase is asked again.
    pub fn is_weighty(&self) -> bool {
        use Clause::{GiftByRule, MonthSettled, NoCash, ThreeSign};
        matches!(self.belongs_to().1, NoCash | ThreeSign | MonthSettled | GiftByRule)
    }

    /// Whether the acting person holds one of the roles that the command belongs to.
    ///
    /// The administrator signs nothing, confirms nothing and counts nothing: the role goes with no other, so no row
    /// above can be reached through it but its own.
    pub fn permit(&self, by: &Actor) -> Result<(), Refusals> {
        permit(self.name(), by.roles)
    }
}

/// Whether `roles` may try the command of that name.
pub fn permit(name: &'static str, roles: Roles) -> Result<(), Refusals> {
    let (wanted, clause) = Command::roles_of(name).expect("every command has its row");
    if roles.any(wanted) {
        return Ok(());
    }
    Err(clause.refuse(Reason::NotYourRole { act: name, wanted: wanted.to_vec() }).into())
}
