//! What a file is by its content, whatever it is called, and the file without what it tells beside its picture: where and
//! when it was taken, by whom, with what. Nothing is decoded; the parts of a picture are copied or left out, and whatever
//! does not follow its format to the end is refused. What comes after the end is cut off, so that no file is two files.

mod jpeg;
mod pdf;
mod png;

use super::FileKind;

/// The most points of a picture, as a hundred megapixels: a page scanned finely has thirty. A small file can say that it
/// is far larger, and whoever opened it would wait for their computer.
const MOST_POINTS: u64 = 100_000_000;

/// What a file grows by when it is sealed, at most: so that it need not be copied for it.
const ROOM_TO_SEAL: usize = 64;

/// A file that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What it is.
    pub kind: FileKind,
    /// Its bytes, without what it told beside its picture.
    pub bytes: Vec<u8>,
}

/// Why a file can't be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotKept {
    /// There is nothing in it.
    Empty,
    /// It is none of what is taken.
    Unknown,
    /// It begins as what is taken and does not go on so.
    Damaged(FileKind),
    /// Its picture is larger than anybody can open.
    TooManyPoints,
}

impl NotKept {
    /// What the person reads.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::Empty => "The file is empty. Choose another one".to_owned(),
            Self::Unknown => {
                "The file must be a PDF, or a picture as JPEG or PNG. What it is called does not count"
                    .to_owned()
            }
            Self::Damaged(kind) => {
                format!(
                    "The file is not a whole {}. Scan the document again, or take a new picture",
                    kind.name()
                )
            }
            Self::TooManyPoints => {
                "The picture is too large to be opened. Scan the document again with fewer points".to_owned()
            }
        }
    }
}

/// The content of a file that can be kept.
pub fn content(bytes: Vec<u8>) -> Result<Content, NotKept> {
    if bytes.is_empty() {
        return Err(NotKept::Empty);
    }
    let kind = FileKind::ALL.into_iter().find(|kind| bytes.starts_with(beginning(*kind)));
    let kind = kind.ok_or(NotKept::Unknown)?;
    let bytes = match kind {
        FileKind::Pdf => pdf::whole(bytes),
        FileKind::Jpeg => jpeg::plain(&bytes),
        FileKind::Png => png::plain(&bytes),
    }?;
    Ok(Content { kind, bytes })
}

/// How every file of a kind begins.
fn beginning(kind: FileKind) -> &'static [u8] {
    match kind {
        FileKind::Pdf => b"%PDF-",
        FileKind::Jpeg => &[0xFF, 0xD8, 0xFF],
        FileKind::Png => png::SIGNATURE,
    }
}

/// Refuses a picture that nobody could open.
fn demand_size(kind: FileKind, width: u64, height: u64) -> Result<(), NotKept> {
    match width.saturating_mul(height) {
        0 => Err(NotKept::Damaged(kind)),
        points if points > MOST_POINTS => Err(NotKept::TooManyPoints),
        _ => Ok(()),
    }
}

/// Two bytes, the greater first, at a place.
fn two_bytes(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Four bytes, the greatest first, at a place.
fn four_bytes(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
