-- What happens to documents can be counted.
insert into event_kind (code) values ('document_handed_in'), ('document_verified'), ('document_sent_back');
alter table event add constraint event_about_document check (
    kind not in ('document_handed_in', 'document_verified', 'document_sent_back')
    or num_nulls(clinician_id) = 0
       and num_nonnulls(session_id, offer_id, booking_id, membership_id, clearance_id, rate_range_id) = 0) not valid;
alter table event validate constraint event_about_document;
