//! The figures as Prometheus reads them: its text format, version 0.0.4.

use std::fmt::Write as _;

use super::store::{JobCount, ReportCount};
use crate::ground::counts::{Counted, Counts};
use crate::ground::mail::MailState;

/// What the database says.
#[derive(Debug, Clone, Default)]
pub struct Depths {
    /// Jobs by kind and state.
    pub jobs: Vec<JobCount>,
    /// Mails by state.
    pub mails: Vec<(MailState, i64)>,
    /// Mails held back since a backup was restored.
    pub held: i64,
    /// Bounces and complaints by kind.
    pub reports: Vec<ReportCount>,
    /// Addresses that take no mail.
    pub stopped_addresses: i64,
    /// For how many seconds the job has been due that has been due longest.
    pub job_wait_seconds: i64,
    /// The same of mails.
    pub mail_wait_seconds: i64,
}

/// The page a scraper reads. Without depths the database can't be reached, which is a figure too.
#[must_use]
pub fn exposition(depths: Option<&Depths>, counts: &Counts) -> String {
    let mut text = String::new();
    let is_up = i64::from(depths.is_some());
    gauge(&mut text, "locumbank_database_up", "Whether the database answers.", &[(String::new(), is_up)]);
    if let Some(depths) = depths {
        write_depths(&mut text, depths);
    }
    for what in [Counted::Jobs, Counted::Mails] {
        let of_it = counts.all().into_iter().filter(|(counted, ..)| *counted == what);
        let samples: Vec<_> = of_it
            .map(|(_, kind, outcome, times)| (labels(&[("kind", &kind), ("outcome", outcome)]), times))
            .collect();
        metric(&mut text, "counter", what.metric(), what.help(), &samples);
    }
    text
}

fn write_depths(text: &mut String, depths: &Depths) {
    let jobs: Vec<_> = depths
        .jobs
        .iter()
        .map(|job| (labels(&[("kind", &job.kind), ("state", &job.state)]), job.count))
        .collect();
    gauge(text, "locumbank_jobs", "Jobs that are not done, by kind and state.", &jobs);
    let mails: Vec<_> =
        depths.mails.iter().map(|(state, count)| (labels(&[("state", state.code())]), *count)).collect();
    gauge(text, "locumbank_mails", "Mails that are not sent, by state.", &mails);
    let reports: Vec<_> =
        depths.reports.iter().map(|it| (labels(&[("kind", it.kind.code())]), it.total)).collect();
    let help = "Reports of the whole service about mails that came back or were complained of, by kind.";
    metric(text, "counter", "locumbank_mail_reports_total", help, &reports);
    for (name, help, value) in [
        (
            "locumbank_addresses_stopped",
            "Addresses that take no mail until somebody says that they work again.",
            depths.stopped_addresses,
        ),
        ("locumbank_mails_held", "Mails that wait for a decision since a backup was restored.", depths.held),
        (
            "locumbank_job_wait_seconds",
            "For how long the job has been due that has been due longest.",
            depths.job_wait_seconds,
        ),
        (
            "locumbank_mail_wait_seconds",
            "For how long the mail has been due that has been due longest.",
            depths.mail_wait_seconds,
        ),
    ] {
        gauge(text, name, help, &[(String::new(), value)]);
    }
}

fn gauge(text: &mut String, name: &str, help: &str, samples: &[(String, i64)]) {
    metric(text, "gauge", name, help, samples);
}

fn metric(
    text: &mut String,
    kind: &str,
    name: &str,
    help: &str,
    samples: &[(String, impl std::fmt::Display)],
) {
    // Writing to a string does not fail.
    let _written = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    for (labels, value) in samples {
        let _written = writeln!(text, "{name}{labels} {value}");
    }
}

fn labels(pairs: &[(&str, &str)]) -> String {
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", pairs.join(","))
}

#[cfg(test)]
mod tests {
    use super::{Depths, exposition, labels};
    use crate::ground::counts::{Counted, Counts};
    use crate::ground::mail::MailState;
    use crate::insight::watching::store::{JobCount, ReportCount};
    use crate::letters::stopped_address::ReportKind;

    #[test]
    fn figures_are_written_as_prometheus_reads_them() {
        let counts = Counts::default();
        counts.add(Counted::Mails, "session_offered", "sent", 7);
        let job = JobCount { kind: "match".to_owned(), state: "ready".to_owned(), count: 2 };
        let depths = Depths {
            jobs: vec![job],
            mails: vec![(MailState::Pending, 3)],
            reports: vec![ReportCount { kind: ReportKind::Complaint, total: 4, in_seven_days: 1 }],
            stopped_addresses: 5,
            job_wait_seconds: 12,
            ..Depths::default()
        };
        let text = exposition(Some(&depths), &counts);
        for line in [
            "# TYPE locumbank_jobs gauge",
            "locumbank_jobs{kind=\"match\",state=\"ready\"} 2",
            "locumbank_mails{state=\"pending\"} 3",
            "locumbank_job_wait_seconds 12",
            "# TYPE locumbank_mail_reports_total counter",
            "locumbank_mail_reports_total{kind=\"complaint\"} 4",
            "locumbank_addresses_stopped 5",
            "locumbank_database_up 1",
            "# TYPE locumbank_mails_finished_total counter",
            "locumbank_mails_finished_total{kind=\"session_offered\",outcome=\"sent\"} 7",
        ] {
            assert!(text.lines().any(|written| written == line), "{line} is missing from\n{text}");
        }
    }

    #[test]
    fn without_the_database_its_absence_is_the_figure() {
        let text = exposition(None, &Counts::default());
        assert!(text.contains("\nlocumbank_database_up 0\n") && !text.contains("locumbank_jobs{"), "{text}");
    }

    #[test]
    fn labels_are_escaped() {
        assert_eq!(labels(&[("kind", "a\"b\\c\nd")]), "{kind=\"a\\\"b\\\\c\\nd\"}");
    }
}
