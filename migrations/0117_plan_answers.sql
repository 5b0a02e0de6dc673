-- What a plan answers about itself: who would be next for each pair and at which pay and distance, and what the whole plan
-- costs beside what the floors and the ceilings of the ranges in force would make of it.
alter table plan_pair
    add column runner_up uuid,
    add column runner_up_pay_pence integer,
    add column runner_up_road_metres integer,
    add constraint plan_pair_runner_up check (num_nulls(runner_up, runner_up_pay_pence, runner_up_road_metres) in (0, 3));

alter table plan
    add column pay_pence bigint,
    add column floor_pence bigint,
    add column ceiling_pence bigint,
    -- How many people offered time on its dates.
    add column offering integer,
    add constraint plan_cost check (num_nulls(pay_pence, floor_pence, ceiling_pence, offering) in (0, 4));
