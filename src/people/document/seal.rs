//! Files at rest are sealed (`ground/data_key.rs`), by keys that stand in the settings and never in the database. With each
//! is sealed whose it is, so that a file that was put to another row opens nothing.
//!
//! Each file says by its key's name which one sealed it: a new key is put before the old one, which goes on opening what
//! it sealed.

use secrecy::{ExposeSecret, SecretString};

use super::FileKind;
use crate::ground::data_key::{NONCE, SealingKey};
use crate::ground::id::{BankId, ClinicianId, DocumentId};

const KEY_BYTES: usize = 32;

/// The most letters of a key's name.
const MOST_NAME_LETTERS: usize = 20;

/// The keys that files are sealed by. The first seals, every one opens what it sealed.
#[derive(Debug)]
pub struct DocumentKeys(Vec<(String, SealingKey)>);

/// The keys in the settings can't be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "it has to be like 2026:HEX, with 32 bytes in hexadecimal (64 characters) after a name of up to 20 letters, figures and \
     hyphens, and a comma before the next; make a key with: openssl rand -hex 32"
)]
pub struct DocumentKeysError;

/// Whose a file is: sealed with it, and asked again when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// The bank.
    pub bank: BankId,
    /// Who handed it in.
    pub clinician: ClinicianId,
    /// The document.
    pub document: DocumentId,
    /// What its content is.
    pub kind: FileKind,
}

/// A sealed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The name of the key that sealed it.
    pub key_id: String,
    /// The number that was used once.
    pub nonce: Vec<u8>,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}

/// Why a file was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// There is no key in the settings: files are not taken.
    #[error("there is no key to seal files by: secrets.document_keys is empty")]
    NoKey,
    /// The key that sealed it is not in the settings.
    #[error("the key {0} that sealed it is not in secrets.document_keys")]
    KeyAway(String),
    /// It is not what was sealed, or not for this row.
    #[error("the file is not what was sealed for this document")]
    NotWhatWasSealed,
    /// The machine gives no random numbers.
    #[error("drawing a random number")]
    NoChance(#[from] getrandom::Error),
}

/// What a file is sealed with, besides its key: it opens for that alone.
pub trait Bound {
    /// What no two files have alike.
    fn bytes(&self) -> Vec<u8>;
}

impl Bound for Whose {
    fn bytes(&self) -> Vec<u8> {
        let ids = [self.bank.0, self.clinician.0, self.document.0];
        let mut bytes = b"locumbank document 1 ".to_vec();
        for id in ids {
            bytes.extend(id.as_bytes());
        }
        bytes.extend(self.kind.code().as_bytes());
        bytes
    }
}

impl DocumentKeys {
    /// The keys that the settings list; none where the list is empty.
    pub fn read(text: &SecretString) -> Result<Self, DocumentKeysError> {
        let mut keys: Vec<(String, SealingKey)> = Vec::new();
        let listed = text.expose_secret().split(',').map(str::trim).filter(|key| !key.is_empty());
        for key in listed {
            let (name, bytes) = key.split_once(':').ok_or(DocumentKeysError)?;
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
            let is_name = (1..=MOST_NAME_LETTERS).contains(&name.len()) && name.chars().all(is_plain);
            let bytes = hex::decode(bytes).map_err(|_not_hex| DocumentKeysError)?;
            let bytes: [u8; KEY_BYTES] = bytes.try_into().map_err(|_other_length| DocumentKeysError)?;
            if !is_name || keys.iter().any(|(known, _)| known == name) {
                return Err(DocumentKeysError);
            }
            keys.push((name.to_owned(), SealingKey::new(bytes)));
        }
        Ok(Self(keys))
    }

    /// Whether there is one, so that files are taken.
    #[must_use]
    pub fn can_seal(&self) -> bool {
        !self.0.is_empty()
    }

    /// The names of the keys that seal nothing any more, and open what they sealed.
    #[must_use]
    pub fn older(&self) -> Vec<String> {
        self.0.iter().skip(1).map(|(name, _)| name.clone()).collect()
    }

    /// Whether there is a key of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Seals a file, in its own memory.
    pub fn seal(&self, whose: &impl Bound, mut bytes: Vec<u8>) -> Result<Sealed, SealError> {
        let (name, key) = self.0.first().ok_or(SealError::NoKey)?;
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce)?;
        key.seal(&whose.bytes(), &mut bytes, nonce).map_err(|_too_long| SealError::NotWhatWasSealed)?;
        Ok(Sealed { key_id: name.clone(), nonce: nonce.to_vec(), bytes })
    }

    /// Opens what was sealed for this, in its own memory.
    pub fn open(&self, whose: &impl Bound, sealed: Sealed) -> Result<Vec<u8>, SealError> {
        let Sealed { key_id, nonce, mut bytes } = sealed;
        let key = self.0.iter().find(|(name, _)| *name == key_id).map(|(_, key)| key);
        let key = key.ok_or(SealError::KeyAway(key_id))?;
        let nonce = nonce.try_into().map_err(|_other| SealError::NotWhatWasSealed)?;
        if key.open(&whose.bytes(), &mut bytes, nonce) { Ok(bytes) } else { Err(SealError::NotWhatWasSealed) }
    }
}

#[cfg(test)]
mod tests {
    use super::{DocumentKeys, SealError, Sealed, Whose};
    use crate::ground::id::{BankId, ClinicianId, DocumentId};
    use crate::people::document::FileKind;

    fn keys(text: &str) -> DocumentKeys {
        DocumentKeys::read(&text.into()).unwrap()
    }

    fn key(name: &str, byte: &str) -> String {
        format!("{name}:{}", byte.repeat(32))
    }

    fn whose() -> Whose {
        Whose {
            bank: BankId::new(),
            clinician: ClinicianId::new(),
            document: DocumentId::new(),
            kind: FileKind::Pdf,
        }
    }

    #[test]
    fn what_was_sealed_opens_for_its_own_row_alone() {
        let (keys, whose) = (keys(&key("a", "ab")), whose());
        let sealed = keys.seal(&whose, b"%PDF-1.7 secret".to_vec()).unwrap();
        assert!(!sealed.bytes.windows(6).any(|part| part == b"secret"));
        assert_eq!(keys.open(&whose, sealed.clone()).unwrap(), b"%PDF-1.7 secret");
        for other in [
            Whose { bank: BankId::new(), ..whose },
            Whose { clinician: ClinicianId::new(), ..whose },
            Whose { document: DocumentId::new(), ..whose },
            Whose { kind: FileKind::Png, ..whose },
        ] {
            assert!(matches!(keys.open(&other, sealed.clone()), Err(SealError::NotWhatWasSealed)));
        }
        let mut changed = sealed.clone();
        changed.bytes[0] ^= 1;
        assert!(matches!(keys.open(&whose, changed), Err(SealError::NotWhatWasSealed)));
        let cut = Sealed { nonce: vec![0; 3], ..sealed };
        assert!(matches!(keys.open(&whose, cut), Err(SealError::NotWhatWasSealed)));
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_goes_on_opening() {
        let whose = whose();
        let old = keys(&key("2026", "ab")).seal(&whose, b"old".to_vec()).unwrap();
        let both = keys(&format!("{},{}", key("2027", "cd"), key("2026", "ab")));
        let new = both.seal(&whose, b"new".to_vec()).unwrap();
        assert_eq!((old.key_id.as_str(), new.key_id.as_str()), ("2026", "2027"));
        assert_eq!(both.open(&whose, old.clone()).unwrap(), b"old");
        assert_eq!(both.open(&whose, new).unwrap(), b"new");
        let gone = keys(&key("2027", "cd")).open(&whose, old.clone());
        assert!(matches!(gone, Err(SealError::KeyAway(name)) if name == "2026"));
        let another = keys(&key("2026", "ef")).open(&whose, old);
        assert!(matches!(another, Err(SealError::NotWhatWasSealed)));
    }

    #[test]
    fn a_list_of_keys_is_taken_or_refused() {
        assert!(!keys("").can_seal() && keys(&key("a", "ab")).can_seal());
        assert!(keys("").seal(&whose(), Vec::new()).is_err());
        let doubled = format!("{},{}", key("a", "ab"), key("a", "cd"));
        for wrong in ["a", "a:", "a:abcd", &key("", "ab"), &key("two words", "ab"), &doubled, "a:zz"] {
            assert!(DocumentKeys::read(&wrong.into()).is_err(), "{wrong}");
        }
    }
}
