-- Vacancies as those who look for work find them, in every bank, signed in or not.

-- What is searched by words: forms of one word are one, and the title counts more than the rest.
alter table vacancy
    add column title_searched text generated always as (public.search_letters(title)) stored,
    add column searched tsvector generated always as (
        setweight(to_tsvector('pg_catalog.english', public.search_letters(title)), 'A')
        || setweight(to_tsvector('pg_catalog.english', public.search_letters(coalesce(words, ''))), 'C')) stored;
-- A town is known by the addresses of the practices in it.
alter table practice
    add column address_searched text generated always as (' ' || public.search_letters(address) || ' ') stored;

-- Serves: vacancies by words.
create index vacancy_searched_idx on vacancy using gin (searched) where published_at is not null;
-- Serves: vacancies whose title is nearly what was typed.
create index vacancy_title_searched_idx on vacancy using gin (title_searched public.gin_trgm_ops)
    where published_at is not null;
-- Serves: the newest, and those that close first, in every bank.
create index vacancy_opens_idx on vacancy (opens_at desc, id) where published_at is not null;
create index vacancy_closes_idx on vacancy (closes_at, id) where published_at is not null;
-- Serves: vacancies at the practices near a place, and those practices.
create index vacancy_place_practice_idx on vacancy_place (bank_id, practice_id);
create index practice_latitude_idx on practice (latitude_microdegrees, longitude_microdegrees);
-- Serves: a town by its name.
create index practice_address_searched_idx on practice using gin (address_searched public.gin_trgm_ops);

-- Metres between two places near each other, as the crow flies.
create function metres_apart(latitude integer, longitude integer, other_latitude integer, other_longitude integer)
    returns integer language sql immutable parallel safe as $$
    select sqrt(power((latitude - other_latitude) * 0.111195, 2)
                + power((longitude - other_longitude) * 0.111195
                        * cos(radians((latitude + other_latitude) / 2000000.0)), 2))::integer
$$;

-- The vacancies that are open at a moment and fit. Whoever asks it sees those of their own bank; the functions below look
-- into every bank by it. What is null is asked by nobody; 'other' is a post in no role of the catalogue.
create function vacancies_fitting(
    at timestamptz, sought text, latitude integer, longitude integer, within_metres integer, of_role text,
    of_contract text, least_pence bigint, least_minutes integer, most_minutes integer)
    returns table (bank_id uuid, id uuid, role text, contract text, opens_at timestamptz, closes_at timestamptz,
                   pence bigint, metres integer, likeness real)
    language sql stable parallel safe as $$
    select v.bank_id, v.id, coalesce(v.role, 'other'), v.contract, v.opens_at, v.closes_at, v.most_pence_per_year,
           near.metres,
           case when sought is null then 0
                else ts_rank(v.searched, websearch_to_tsquery('pg_catalog.english', public.search_letters(sought)))
                     + public.word_similarity(public.search_letters(sought), v.title_searched) end
      from vacancy v
      join bank b on b.id = v.bank_id and b.removed_at is null
      left join (select w.bank_id, w.vacancy_id,
                        min(metres_apart(latitude, longitude, p.latitude_microdegrees, p.longitude_microdegrees)) as metres
                   from practice p
                   join vacancy_place w on w.bank_id = p.bank_id and w.practice_id = p.id
                  where p.latitude_microdegrees between latitude - within_metres * 9 and latitude + within_metres * 9
                    and p.longitude_microdegrees between longitude - within_metres * 18 and longitude + within_metres * 18
                  group by w.bank_id, w.vacancy_id) near on near.bank_id = v.bank_id and near.vacancy_id = v.id
     where v.published_at is not null and v.opens_at <= at and v.closes_at > at
       and (v.closed_at is null or v.closed_at > at)
       and (latitude is null or near.metres <= within_metres)
       and (sought is null
            or v.searched @@ websearch_to_tsquery('pg_catalog.english', public.search_letters(sought))
            or public.search_letters(sought) operator(public.<%) v.title_searched)
       and (of_role is null or coalesce(v.role, 'other') = of_role)
       and (of_contract is null or v.contract = of_contract)
       and (least_pence is null or v.most_pence_per_year >= least_pence)
       and (least_minutes is null or v.most_minutes_a_week >= least_minutes)
       and (most_minutes is null or v.least_minutes_a_week <= most_minutes)
$$;

-- A page of them from every bank, as everybody may read them. It asks in the owner's name: row-level security would have
-- each row judged before an index by words or likeness could be asked. What it gives is advertised, and nothing else.
create function search_vacancies(
    at timestamptz, sought text, latitude integer, longitude integer, within_metres integer, of_role text,
    of_contract text, least_pence bigint, least_minutes integer, most_minutes integer, sorted text, most integer,
    after integer)
    returns table (id uuid, advert jsonb, practice text, postcode text, places bigint, opens_at timestamptz,
                   changed_at timestamptz, metres integer, total bigint)
    language plpgsql stable rows 50 security definer set search_path = public, pg_catalog
    set plan_cache_mode = force_custom_plan set pg_trgm.word_similarity_threshold = 0.5 as $$
#variable_conflict use_column
begin
    return query
    with page as (
        select f.*, count(*) over () as total
          from vacancies_fitting(at, sought, latitude, longitude, within_metres, of_role, of_contract, least_pence,
                                 least_minutes, most_minutes) f
         order by case when sorted = 'nearest' then f.metres end nulls last,
                  case when sorted = 'closing' then f.closes_at end nulls last,
                  case when sorted = 'pay' then f.pence end desc nulls last,
                  case when sorted = 'fitting' then f.likeness end desc nulls last,
                  f.opens_at desc, f.id
         limit most offset after)
    select v.id, v.advert, p.name, p.postcode,
           (select count(*) from vacancy_place w where w.bank_id = v.bank_id and w.vacancy_id = v.id),
           v.opens_at, v.changed_at, g.metres, g.total
      from page g
      join vacancy v on v.bank_id = g.bank_id and v.id = g.id
      join practice p on p.bank_id = v.bank_id and p.id = v.practice_id
     order by case when sorted = 'nearest' then g.metres end nulls last,
              case when sorted = 'closing' then g.closes_at end nulls last,
              case when sorted = 'pay' then g.pence end desc nulls last,
              case when sorted = 'fitting' then g.likeness end desc nulls last,
              g.opens_at desc, g.id;
end $$;

-- How many there are in each role and contract, of those that fit otherwise.
create function count_vacancies(
    at timestamptz, sought text, latitude integer, longitude integer, within_metres integer, of_role text,
    of_contract text, least_pence bigint, least_minutes integer, most_minutes integer)
    returns table (is_role boolean, code text, name text, number bigint)
    language plpgsql stable rows 20 security definer set search_path = public, pg_catalog
    set plan_cache_mode = force_custom_plan set pg_trgm.word_similarity_threshold = 0.5 as $$
#variable_conflict use_column
begin
    return query
    with fitting as materialized (
        select f.role, f.contract
          from vacancies_fitting(at, sought, latitude, longitude, within_metres, null, null, least_pence, least_minutes,
                                 most_minutes) f)
    select true, f.role, coalesce(max(r.name), 'Other posts'), count(*)
      from fitting f
      left join role r on r.code = f.role
     where of_contract is null or f.contract = of_contract
     group by f.role
     union all
    select false, f.contract, '', count(*)
      from fitting f
     where of_role is null or f.role = of_role
     group by f.contract;
end $$;

-- One vacancy as everybody may read it, open or closed; none before it opens.
create function advertised_vacancy(of_vacancy uuid, at timestamptz)
    returns table (bank_id uuid, bank_name text, invented boolean, advert jsonb, opens_at timestamptz,
                   closes_at timestamptz, closed_at timestamptz, changed_at timestamptz, role_name text,
                   staff_group text, places jsonb, changes jsonb)
    language plpgsql stable rows 1 set locumbank.reach = 'service' as $$
#variable_conflict use_column
begin
    return query
    select v.bank_id, b.name, b.invented, v.advert, v.opens_at, v.closes_at, v.closed_at, v.changed_at, r.name, s.name,
           (select jsonb_agg(jsonb_build_object('name', p.name, 'address', p.address, 'postcode', p.postcode,
                                                'latitude_microdegrees', p.latitude_microdegrees,
                                                'longitude_microdegrees', p.longitude_microdegrees)
                             order by w.position)
              from vacancy_place w
              join practice p on p.bank_id = w.bank_id and p.id = w.practice_id
             where w.bank_id = v.bank_id and w.vacancy_id = v.id),
           (select coalesce(jsonb_agg(jsonb_build_array(c.changed_at, c.what) order by c.version desc), '[]')
              from vacancy_change c
             where c.bank_id = v.bank_id and c.vacancy_id = v.id)
      from vacancy v
      join bank b on b.id = v.bank_id and b.removed_at is null
      join staff_group s on s.code = v.staff_group
      left join role_of_bank r on r.bank_id = v.bank_id and r.code = v.role
     where v.id = of_vacancy and v.published_at is not null and v.opens_at <= at;
end $$;
-- Serves: a vacancy by its id alone.
create unique index vacancy_id_idx on vacancy (id);

-- Every vacancy that is open, for programs that read them all.
create function open_vacancies(at timestamptz, most integer) returns table (id uuid, changed_at timestamptz)
    language plpgsql stable rows 1000 set locumbank.reach = 'service' as $$
#variable_conflict use_column
begin
    return query
    select f.id, v.changed_at
      from vacancies_fitting(at, null, null, null, null, null, null, null, null, null) f
      join vacancy v on v.bank_id = f.bank_id and v.id = f.id
     order by f.opens_at desc, f.id
     limit most;
end $$;

-- Where a town is: in the middle of the practices whose address names it; none where none does.
create function place_of_town(town text)
    returns table (latitude_microdegrees integer, longitude_microdegrees integer)
    language plpgsql stable rows 1 security definer set search_path = public, pg_catalog as $$
#variable_conflict use_column
begin
    return query
    select avg(p.latitude_microdegrees)::integer, avg(p.longitude_microdegrees)::integer
      from practice p
     where search_letters(town) <> '' and p.address_searched like '% ' || search_letters(town) || ' %'
    having count(*) > 0;
end $$;
