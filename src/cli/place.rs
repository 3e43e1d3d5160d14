//! Where the books are: `--store`, else `TAIZHANG_STORE`, else the user's data folder by XDG. The demo has its own.

use std::path::Path;

use etcetera::BaseStrategy;

use super::Trouble;
use crate::wire::Place;

/// The place of the store.
pub(super) fn of(asked: Option<&Path>, demo: bool) -> Result<Place, Trouble> {
    let named = std::env::var_os("TAIZHANG_STORE").filter(|folder| !folder.is_empty());
    let folder = match (asked, named) {
        (Some(folder), _) => folder.to_owned(),
        (None, Some(folder)) if !demo => folder.into(),
        _ => {
            let home = etcetera::choose_base_strategy().map_err(|_| Trouble::Said("cli.no_home", Vec::new()))?;
            home.data_dir().join(if demo { "taizhang-demo" } else { "taizhang" })
        }
    };
    Ok(Place::new(&folder)?)
}
