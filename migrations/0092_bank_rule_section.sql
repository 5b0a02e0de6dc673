-- Which sections the rules of a bank have, the code lists (src/terms/rules); here each has the shape of a code. So a
-- release that brings one restates nobody else's.
alter table bank_rule drop constraint bank_rule_section;
alter table bank_rule add constraint bank_rule_section check (section ~ '^[a-z]+(_[a-z]+)*$') not valid;
alter table bank_rule validate constraint bank_rule_section;
