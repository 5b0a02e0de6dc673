//! The matching core, shown right from outside: needs no database, no network and no files of others.

mod brute_force;
mod deadlines;
mod each_rule_decides;
mod explanations;
mod faults_are_found;
mod instances;
mod large_markets;
mod nights;
mod planned;
mod plans_of_other_rules;
mod remedies_hold;
mod repairs;
mod shapes;
mod simulations;
#[path = "../../../matching-model/tests/it/small_world.rs"]
mod small_world;
mod tied_days;
#[path = "../../../matching-model/tests/it/tiny_problems.rs"]
mod tiny_problems;
mod whole_runs;
