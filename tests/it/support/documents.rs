//! Documents that clinicians have handed in.

use locumbank::ground::actor::Actor;
use locumbank::ground::id::{BankId, DocumentId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::people::document::FileKind;
use locumbank::people::document::actions::NewDocument;
use locumbank::people::document::actions::hand_in::hand_in;
use locumbank::people::document::seal::{DocumentKeys, Whose};

use super::World;
use super::seed::Clinician;

/// A document that the clinician has handed in, which waits to be looked at.
pub async fn waiting_document(
    world: &World,
    bank: BankId,
    clinician: &Clinician,
    competency: &str,
) -> DocumentId {
    let person = &clinician.person;
    let whose = Whose { bank, clinician: clinician.id, document: DocumentId::new(), kind: FileKind::Pdf };
    let keys = DocumentKeys::read(&world.app.settings.secrets.document_keys).expect("keys");
    let new = NewDocument {
        whose,
        competency: competency.to_owned(),
        said_valid_through: None,
        file_name: "scan.pdf".to_owned(),
        bytes: 14,
        is_virus_checked: false,
        sealed: keys.seal(&whose, b"%PDF-1.7 %%EOF".to_vec()).expect("a sealed file"),
    };
    let actor = Actor::Member {
        account: person.account,
        bank,
        membership: person.membership,
        kind: PersonKind::Clinician,
    };
    world.app.db.change(actor, async |tx| hand_in(tx, &new).await).await.expect("a document");
    whose.document
}
