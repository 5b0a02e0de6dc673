//! Files of problems: what is good is read as it was written, what is bad is refused with the place of the fault.

mod bad_files;
mod change_files;
mod small_world;
mod tiny_problems;
mod unfit_problems;
