//! The columns of a file of sessions.

/// A column of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The practice, by its code or its name.
    Practice,
    /// The date.
    Date,
    /// The start time.
    Start,
    /// The end time.
    End,
    /// Whether it ends the next day.
    Overnight,
    /// The roles.
    Role,
    /// The competencies.
    Competencies,
    /// How many people.
    Places,
    /// The rate, or the lowest.
    Rate,
    /// The highest rate.
    HighestRate,
    /// How much it matters.
    Priority,
    /// What people should know.
    Notes,
    /// Who supervises on the day.
    Supervisor,
}

impl Column {
    /// Every column, in the order of the file that people download.
    pub const ALL: [Self; 13] = [
        Self::Practice,
        Self::Date,
        Self::Start,
        Self::End,
        Self::Role,
        Self::Places,
        Self::Rate,
        Self::HighestRate,
        Self::Competencies,
        Self::Overnight,
        Self::Priority,
        Self::Notes,
        Self::Supervisor,
    ];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Practice => "Practice",
            Self::Date => "Date",
            Self::Start => "Start",
            Self::End => "End",
            Self::Overnight => "Ends next day",
            Self::Role => "Role",
            Self::Competencies => "Competencies",
            Self::Places => "Places",
            Self::Rate => "Rate",
            Self::HighestRate => "Highest rate",
            Self::Priority => "Priority",
            Self::Notes => "Notes",
            Self::Supervisor => "Supervisor",
        }
    }

    /// What stands in it.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Practice => "The code or the name. Not needed where you act for one practice",
            Self::Date => "Like 1/12/2026 or 1 December 2026",
            Self::Start => "Like 8:30am, 08:30, 8.30 or 0830",
            Self::End => "Written as the start is. Midnight is the end of the day",
            Self::Overnight => "Yes, where it goes on past midnight",
            Self::Role => "One, or several with a comma between them",
            Self::Competencies => "What people have to know or hold, with commas. Can be empty",
            Self::Places => "How many people you need. Empty is 1",
            Self::Rate => "Pounds an hour, like 85 or £85.50",
            Self::HighestRate => "Can be empty, for one fixed rate",
            Self::Priority => "High, where it is to be filled before others. Can be empty",
            Self::Notes => "Can be empty. Nothing about patients",
            Self::Supervisor => "Who supervises on the day, where the role needs it",
        }
    }

    /// Whether each session needs it.
    pub(super) fn is_needed(self) -> bool {
        matches!(self, Self::Date | Self::Start | Self::End | Self::Role | Self::Rate)
    }

    /// The column of that heading, by whatever people call it.
    pub(super) fn of_heading(heading: &str) -> Option<Self> {
        let plain: String = heading.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        Some(match plain.as_str() {
            "practice" | "surgery" | "practicecode" | "odscode" | "ods" | "site" | "practicename" => {
                Self::Practice
            }
            "date" | "day" | "sessiondate" => Self::Date,
            "start" | "starttime" | "from" | "starts" | "begin" | "begins" => Self::Start,
            "end" | "endtime" | "to" | "until" | "ends" | "finish" => Self::End,
            "endsnextday" | "nextday" | "overnight" | "night" => Self::Overnight,
            "role" | "roles" | "who" | "whocandoit" | "profession" => Self::Role,
            "competencies" | "competency" | "skills" | "skill" | "needs" | "system" => Self::Competencies,
            "places" | "number" | "people" | "howmany" | "quantity" => Self::Places,
            "rate" | "hourlyrate" | "ratefrom" | "lowestrate" | "rateanhour" | "rateperhour" | "pay" => {
                Self::Rate
            }
            "highestrate" | "maxrate" | "maximumrate" | "rateto" | "upto" => Self::HighestRate,
            "priority" | "howmuchitmatters" => Self::Priority,
            "notes" | "note" | "comments" | "comment" | "remarks" => Self::Notes,
            "supervisor" | "supervisedby" | "supervision" => Self::Supervisor,
            _ => return None,
        })
    }

    /// The column of the field of that name in the form.
    #[must_use]
    pub fn of_field(name: &str) -> Self {
        match name {
            "practice" => Self::Practice,
            "start" | "which" => Self::Start,
            "end" => Self::End,
            "overnight" => Self::Overnight,
            "role" => Self::Role,
            "competency" => Self::Competencies,
            "places" => Self::Places,
            "priority" => Self::Priority,
            "notes" => Self::Notes,
            "supervisor" => Self::Supervisor,
            name if name.starts_with("rate") && name.ends_with("max") => Self::HighestRate,
            name if name.starts_with("rate") => Self::Rate,
            _ => Self::Date,
        }
    }
}
