//! Stores to begin from: none at all, and some at several places of the script, closed and not, new and of an older shape.

use std::sync::Arc;

use taizhang::desk::Desk;
use taizhang::store::open::Store;
use taizhang::store::tables::ORDERS;

use super::disk::{Disk, Loss, Plan};
use super::script::{Step, script};
use super::witness::{Witness, go_on};

/// The script, and stores on the way through it.
pub struct Bases {
    /// The whole script.
    pub steps: Vec<Step>,
    /// Stores, with what is known to be in them.
    pub stores: Vec<(Witness, Arc<Vec<u8>>)>,
}

impl Bases {
    /// Goes through the script once, on a disk that works.
    pub fn new() -> Bases {
        let steps = script();
        let mut luck = fastrand::Rng::with_seed(7);
        let mut stores = vec![(Witness::new(), Arc::new(Vec::new()))];
        let mut witness = Witness::new();
        witness.founded = true;
        let mut image = Vec::new();
        for end in (10..=steps.len()).step_by(10) {
            let disk = Disk::holding(image, Plan::Sound);
            let desk = Desk::new(Store::on_backend(disk.clone(), true).expect("a sound disk opens"));
            go_on(&desk, &disk, &mut witness, &steps[..end], &mut luck, false).expect("every step is accepted");
            if end % 20 == 0 {
                stores.push((witness.clone(), Arc::new(disk.image(Loss::None, &mut luck))));
            }
            drop(desk);
            image = disk.synced();
            if end % 20 != 0 {
                stores.push((witness.clone(), Arc::new(image.clone())));
            }
            if end % 30 == 0 {
                stores.push((witness.clone(), Arc::new(aged(image.clone()))));
            }
        }
        Bases { steps, stores }
    }
}

/// The same store with its orders in a table of an older shape, so that opening it builds all tables anew.
pub fn aged(image: Vec<u8>) -> Vec<u8> {
    let disk = Disk::holding(image, Plan::Sound);
    let store = Store::on_backend(disk.clone(), true).expect("a sound disk opens");
    let tx = store.write().unwrap();
    tx.delete_table(ORDERS).unwrap();
    tx.open_table(redb::TableDefinition::<u64, &[u8]>::new("kept_orders"))
        .unwrap()
        .insert(1, b"old".as_slice())
        .unwrap();
    tx.commit().unwrap();
    drop(store);
    disk.synced()
}
