-- A bank that an import made by mistake and nobody used: it is listed nowhere, and its board may have another.
alter table bank add column removed_at timestamptz;
alter table bank add constraint bank_removed_has_no_board check (removed_at is null or icb_code is null);
