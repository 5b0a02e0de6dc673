//! The matching core, shown right from outside: needs no database, no network and no files of others.

mod at_the_command_line;
mod brute_force;
mod each_rule_decides;
mod explanations;
mod faults_are_found;
mod instances;
mod large_markets;
mod remedies_hold;
mod repairs;
mod shapes;
mod simulations;
mod small_world;
mod tied_days;
mod unfit_problems;
mod whole_runs;
