-- How people and practices are searched for, written once: each list that searches asks `search_patterns` of the key
-- that it keeps. Accents, apostrophes, hyphens, capitals, titles and the order of words make no difference.
create extension if not exists unaccent with schema public;
create extension if not exists pg_trgm with schema public;

-- Letters and figures alone, in small letters and without accents, with one space between words.
create function search_letters(written text) returns text
language sql immutable parallel safe strict
as $$
    select btrim(regexp_replace(
        lower(public.unaccent('public.unaccent'::regdictionary, normalize(replace(written, '&', ' and '), nfkc))),
        '[^[:alnum:]]+', ' ', 'g'))
$$;

-- What is searched of a text, with a space before and after each word. "O'Neill" is kept as "oneill" and as "o neill",
-- "Anne-Marie" as "annemarie" and as "anne marie", so that either way of writing finds both.
create function search_key(written text) returns text
language sql immutable parallel safe strict
as $$
    select ' ' || public.search_letters(written) || ' '
           || regexp_replace(
                public.search_letters(regexp_replace(written, '[''’‘ʼ`´′‐‑–-]', '', 'g')),
                '\m(o|d|mc|mac) (?=[a-z])', '\1', 'g')
           || ' '
$$;

-- The patterns that a key has to be like, all of them; the longest word comes first, because an index finds by it best.
-- Nothing typed finds everything; what has neither a letter nor a figure finds nothing. Titles are left out, unless
-- there is nothing else. Words of one or two letters are looked for where a word begins.
create function search_patterns(typed text) returns text[]
language sql immutable parallel safe strict
as $$
    with words as (
        select distinct word
          from regexp_split_to_table(
                 public.search_letters(regexp_replace(typed, '[''’‘ʼ`´′]', '', 'g')), ' ') as word
         where word <> ''
    ), told as (
        select word, word in ('dr', 'doctor', 'mr', 'mrs', 'ms', 'miss', 'mx', 'prof', 'professor', 'sir', 'dame',
                              'rev', 'revd', 'sr') as is_title
          from words
    )
    select case
        when btrim(typed) = '' then array['%']
        else coalesce(
            (select array_agg(
                        case when length(word) < 3 then '% ' || word || '%' else '%' || word || '%' end
                        order by length(word) desc, word)
               from told
              where not is_title or not exists (select from told where not is_title)),
            array['-'])
        end
$$;

alter table account add column name_searched text generated always as (search_key(name)) stored;
-- Serves: people found by name.
create index account_name_searched_idx on account using gin (name_searched public.gin_trgm_ops);
-- Serves: people found by a part of their address.
create index account_email_searched_idx on account using gin (email public.gin_trgm_ops);

-- Serves: a clinician found by their number on the register.
create index clinician_registration_number_idx on clinician (bank_id, registration_number);

-- The clinicians of a bank whose name is what was typed, or whose address has it in it, or whose number it is; all of
-- them where nothing was typed. The patterns are worked out once, and not anew for each row; the first two are said
-- by themselves, because no index finds by `like all`.
create function clinicians_found(bank uuid, typed text) returns table (id uuid)
language plpgsql stable parallel safe rows 50
as $$
declare
    patterns text[] := public.search_patterns(typed);
    address text := '%' || replace(replace(replace(lower(btrim(typed)), '\', '\\'), '%', '\%'), '_', '\_') || '%';
    number text := upper(regexp_replace(typed, '[[:space:]]', '', 'g'));
begin
    if btrim(typed) = '' then
        return query select c.id from clinician c where c.bank_id = bank;
        return;
    end if;
    return query
    select c.id
      from account a
      join clinician c on c.account_id = a.id and c.bank_id = bank
     where a.name_searched like patterns[1]
       and a.name_searched like coalesce(patterns[2], patterns[1])
       and a.name_searched like all (patterns)
    union
    select c.id
      from account a
      join clinician c on c.account_id = a.id and c.bank_id = bank
     where a.email like address
    union
    select c.id
      from clinician c
     where c.bank_id = bank and c.registration_number = number;
end
$$;

-- Those of them whose name is what was typed: for whoever knows people by their names alone.
create function clinicians_named(bank uuid, typed text) returns table (id uuid)
language plpgsql stable parallel safe rows 50
as $$
declare
    patterns text[] := public.search_patterns(typed);
begin
    return query
    select c.id
      from account a
      join clinician c on c.account_id = a.id and c.bank_id = bank
     where a.name_searched like patterns[1]
       and a.name_searched like coalesce(patterns[2], patterns[1])
       and a.name_searched like all (patterns);
end
$$;

-- The practices of a bank that are what was typed, by name, code, postcode, network or address; all where nothing was.
create function practices_found(bank uuid, typed text) returns table (id uuid)
language plpgsql stable parallel safe rows 20
as $$
declare
    patterns text[] := public.search_patterns(typed);
begin
    return query
    select p.id
      from practice p
     where p.bank_id = bank and p.searched like patterns[1]
       and p.searched like coalesce(patterns[2], patterns[1])
       and p.searched like all (patterns);
end
$$;
