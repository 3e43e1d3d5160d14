//! The people of the demonstration: one or more of every role, one passphrase for all.

use serde_json::json;

use super::{DemoFault, Stage};
use crate::desk::Answer;
use crate::domain::command::Command;
use crate::domain::person::NotePassphrase;
use crate::store::books::Books;

/// The passphrase of everybody, as the sign-in screen shows it.
pub const PASSPHRASE: &str = "taizhang-demo";

/// Sign-in code, name, role.
pub const PEOPLE: &[(&str, &str, &str)] = &[
    ("admin", "管小理", "administrator"),
    ("zhuanyuan", "常青禾", "clerk"),
    ("zhuguan", "路致远", "ecommerce_supervisor"),
    ("cangguan", "石守仓", "keeper"),
    ("caiwu", "钱如镜", "finance"),
    ("neiqin", "文知录", "back_office"),
    ("tuiguang", "花自开", "promotion_supervisor"),
    ("yunying", "江行舟", "sales_ops_supervisor"),
    ("zongjian", "岳望山", "operations_director"),
    ("dianzhang", "田守店", "store_manager"),
    ("kefu", "安可言", "customer_service"),
];

/// Appoints everybody and gives them their passphrase.
pub(super) fn appoint(stage: &mut Stage<'_>, hash: &dyn Fn(&str) -> String) -> Result<(), DemoFault> {
    let hash = hash(PASSPHRASE);
    for (code, name, role) in PEOPLE {
        stage.act("admin", json!({"do": "appoint_person", "code": code, "name": name, "roles": [role]}))?;
        let by = stage.desk.store().read()?.person_by_code(code)?.ok_or("nobody was appointed")?.id;
        let envelope = stage.envelope(by, Command::NotePassphrase(NotePassphrase { person: (*code).into() }));
        if let Answer::Refused(refusals) = stage.desk.set_passphrase(&envelope, &hash) {
            return Err(refusals.to_string().into());
        }
    }
    Ok(())
}
