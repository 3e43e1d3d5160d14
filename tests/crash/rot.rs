//! A file that rots while nobody looks: what is damaged is refused, and never opened as if less had happened.
//!
//! Each try damages a store that was closed or killed. It is refused, or the damage lay where nothing is kept: then everything
//! acknowledged is there and journal and tables agree in every byte. `TAIZHANG_ROT` asks for another number of tries a kind.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use taizhang::store::open::Store;

use super::bases::Bases;
use super::disk::{Disk, Plan};
use super::witness::{Witness, verified};

const TRIES: usize = 500;
const PAGE: usize = 4096;

/// Something that happens to the bytes of a file.
type Damage = fn(Vec<u8>, &mut fastrand::Rng) -> Vec<u8>;

fn one_bit(mut image: Vec<u8>, luck: &mut fastrand::Rng) -> Vec<u8> {
    let place = luck.usize(..image.len());
    image[place] ^= 1 << luck.u8(0..8);
    image
}

fn page(image: &[u8], luck: &mut fastrand::Rng) -> usize {
    luck.usize(..image.len() / PAGE) * PAGE
}

fn zeroed(mut image: Vec<u8>, luck: &mut fastrand::Rng) -> Vec<u8> {
    let at = page(&image, luck);
    image[at..at + PAGE].fill(0);
    image
}

fn truncated(mut image: Vec<u8>, luck: &mut fastrand::Rng) -> Vec<u8> {
    image.truncate(luck.usize(1..image.len()));
    image
}

fn swapped(mut image: Vec<u8>, luck: &mut fastrand::Rng) -> Vec<u8> {
    let (one, other) = (page(&image, luck), page(&image, luck));
    for byte in 0..PAGE {
        image.swap(one + byte, other + byte);
    }
    image
}

const DAMAGES: &[(&str, Damage)] =
    &[("one bit", one_bit), ("a page of zeros", zeroed), ("cut short", truncated), ("two pages swapped", swapped)];

/// Opens what is left of a store. `Ok(false)` where it was refused.
fn outlived(mut witness: Witness, image: Vec<u8>) -> Result<bool, String> {
    let disk = Disk::holding(image, Plan::Sound);
    // A panic is a refusal, too: the process ends, and whoever started it hears of it.
    let opened = catch_unwind(AssertUnwindSafe(|| Store::on_backend(disk, true)));
    let Ok(Ok(store)) = opened else { return Ok(false) };
    witness.look(&store)?;
    verified(&store)?;
    Ok(true)
}

#[test]
fn a_rotten_file_is_refused_and_never_rolled_back() {
    let tries = std::env::var("TAIZHANG_ROT").ok().and_then(|tries| tries.parse().ok()).unwrap_or(TRIES);
    let bases = Bases::new();
    let stores: Vec<&(Witness, Arc<Vec<u8>>)> = bases.stores.iter().filter(|(_, image)| !image.is_empty()).collect();
    let mut found = Vec::new();
    for (what, damage) in DAMAGES {
        let mut luck = fastrand::Rng::with_seed(5);
        let mut refused = 0;
        for nth in 0..tries {
            let (witness, image) = stores[luck.usize(..stores.len())];
            let image = damage(image.to_vec(), &mut luck);
            match outlived(witness.clone(), image) {
                Ok(is_whole) => refused += usize::from(!is_whole),
                Err(why) => found.push(format!("{what}, try {nth}: {why}")),
            }
        }
        if refused == 0 {
            found.push(format!("{what} never met anything"));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
