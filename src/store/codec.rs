//! How a record lies in a table: bincode, behind a name that carries its version.
//!
//! redb refuses to open a table whose value name differs from the one it was made with, so a changed record can
//! never be misread: bump [`Record::NAME`] and the tables are rebuilt from the journal. bincode therefore never
//! holds anything that cannot be rebuilt. Lengths are limited and trailing bytes refused, since a damaged
//! length would otherwise be believed.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use redb::TypeName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Fault;

/// The largest record, in bytes.
const RECORD_MAX: usize = 4 << 20;
/// How much room a record is given to begin with, in bytes: few need more.
const USUAL: usize = 512;

/// A record that lies in a table.
pub trait Record: Serialize + DeserializeOwned {
    /// Its name and version, such as `order/1`.
    const NAME: &'static str;
}

/// The bytes of a `T`, not yet unpacked: redb needs decoding that cannot fail, ours can.
pub struct Image<'a, T>(Cow<'a, [u8]>, PhantomData<T>);

/// The value type of a table that holds `T`.
pub struct Packed<T>(PhantomData<T>);

impl<T> fmt::Debug for Image<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} packed bytes", self.0.len())
    }
}

impl<T> fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Packed")
    }
}

impl<T: Record> Image<'_, T> {
    /// Packs a record.
    pub fn pack(record: &T) -> Image<'static, T> {
        Image::pack_as(record)
    }

    /// Packs something that has the record's fields in the record's order, such as one that borrows its parts.
    pub fn pack_as(record: &impl Serialize) -> Image<'static, T> {
        let mut bytes = Vec::with_capacity(USUAL);
        let config = bincode::config::standard();
        bincode::serde::encode_into_std_write(record, &mut bytes, config).expect("records are plain data");
        assert!(bytes.len() <= RECORD_MAX, "a {} of {} bytes is past every limit on its parts", T::NAME, bytes.len());
        Image(Cow::Owned(bytes), PhantomData)
    }

    /// Unpacks the record, or says that it cannot be read.
    pub fn unpack(&self) -> Result<T, Fault> {
        let config = bincode::config::standard().with_limit::<RECORD_MAX>();
        match bincode::serde::decode_from_slice(&self.0, config) {
            Ok((record, read)) if read == self.0.len() => Ok(record),
            _ => Err(Fault::Unreadable { record: T::NAME }),
        }
    }

    /// Unpacks something that has the record's fields in the record's order, such as one whose texts stay where they lie.
    /// It reads every field, so that what [`Image::unpack`] refuses is refused here too.
    pub fn unpack_as<'b, R: Deserialize<'b>>(&'b self) -> Result<R, Fault> {
        let config = bincode::config::standard().with_limit::<RECORD_MAX>();
        match bincode::serde::borrow_decode_from_slice(&self.0, config) {
            Ok((record, read)) if read == self.0.len() => Ok(record),
            _ => Err(Fault::Unreadable { record: T::NAME }),
        }
    }
}

impl<T: Record + 'static> redb::Value for Packed<T> {
    type SelfType<'a> = Image<'a, T>;
    type AsBytes<'a> = &'a [u8];

    fn fixed_width() -> Option<usize> {
        None
    }

    fn from_bytes<'a>(bytes: &'a [u8]) -> Image<'a, T>
    where
        Self: 'a,
    {
        Image(Cow::Borrowed(bytes), PhantomData)
    }

    fn as_bytes<'a, 'b: 'a>(image: &'a Image<'b, T>) -> &'a [u8]
    where
        Self: 'b,
    {
        &image.0
    }

    fn type_name() -> TypeName {
        TypeName::new(T::NAME)
    }
}
