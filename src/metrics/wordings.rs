//! What the figures of returns, of the workload and of comparisons mean, in words: title, unit, basis, text, source.

use crate::metrics::definition::{DefinitionBasis, Wording};

pub(super) const NCND_BY_TOPIC: Wording = (
    "Neither confirmed nor denied, by topic",
    "requests",
    Some(DefinitionBasis::Closed),
    "The requests whose first answer became complete in one whole calendar quarter with at least one part answered by neither \
     confirming nor denying, by topic, as they stood at the end of the quarter. A topic has a row where a request on it was \
     answered in the quarter without NCND, so that having one tells nothing of NCND. A request with several such topics is \
     counted under each; the requests on none of them, those without a topic among them, stand in one row without a topic. Where a topic has 1 to 4 such requests, every topic with \
     fewer than 10 is suppressed, those with none included; where that leaves one alone, all are. A suppressed cell has no \
     count. The precedents of a request are rows of these tables. The quarter is fixed, must be over, and cannot be narrowed by regime, day or `as_at`, so that no two answers \
     given at one time differ by one request. What is recorded about a past quarter later changes its table: whoever kept \
     the earlier one can compare them.",
    "A choice made here: no rule for small numbers of this kind was found. Guidance on health statistics holds cells under \
     5 to be unsafe and masks others with them.",
);

pub(super) const REVIEWS: Wording = (
    "Internal reviews",
    "reviews",
    Some(DefinitionBasis::Activity),
    "The reviews asked for in the period, and those decided in it, whenever they were asked for. Working days run from the \
     day a review was asked for, which is day 0, to its decision. `overdue`: not decided, and past 40 working days (FOIA, by \
     guidance; EIR, by statute) or 20 (FOISA, EI(S)Rs). A review of several parts maintained the position where it did so \
     for all, and so for the other results; where they differ it changed it partly. A part without a decision is left aside where \
     another had one: nothing of it could stand or be changed. With `regime` only parts under it are \
     looked at. What took effect after `as_at` has not happened yet; voided reviews never were. Bands of lengths are those \
     of the statistics of central government.",
    "Section 45 Code of Practice; EIR reg 11(4); FOISA s21(1); EI(S)Rs reg 16(4).",
);

pub(super) const REGULATOR: Wording = (
    "Complaints to the regulator",
    "complaints, notices and appeals",
    Some(DefinitionBasis::Activity),
    "The complaints made in the period, those that ended in it without a notice, the decision notices sent in it and what \
     they found, by regime and provision and to `ncnd:read` alone, each finding once for each notice; findings on grounds in the \
     alternative are one class. A finding is under the regime of the parts that it concerns, of several under the first that \
     has the provision. \
     Steps of these notices are open until the last is taken or no step is left after an appeal, and overdue once their \
     time has passed, which an appeal in time suspends. Appeals are those made in the period. The word upheld is not used, \
     for regulators use it of complaints and of refusals. With `regime` a complaint counts when it concerns a part under it, \
     and with its notices only the findings under it do.",
    "FOIA ss50, 51(4), 57 and 58; EIR reg 18; FOISA ss47, 49 and 56; EI(S)Rs reg 17.",
);

pub(super) const WORKLOAD: Wording = (
    "What there is to do",
    "requests",
    Some(DefinitionBasis::Stock),
    "The requests that are open or waiting at the end of the London day `as_at`. `overdue`: a part is unanswered and past \
     its limit, extensions respected, or past it and waits for what was asked too late. Age bands count working \
     days since the last day for an answer in time, of the part overdue longest; over 6 and 12 months counts overdue \
     requests by calendar months since receipt, of the part overdue longest; of one that was reopened since the reopening, as its age in \
     working days. `due_within_5` and `due_within_10`: not overdue, with the last day for an \
     answer in time within so many working days after `as_at`. A stopped clock waits for clarification or for a fee; \
     one asked too late is not stopped, and is also among the overdue or those due soon. An \
     extension runs where a part is open, or waits for what was asked too late, within a permitted one. A part answered only by a response of another kind, as one that the \
     regulator ordered after silence, is nothing left to do and not counted in any of these, though it stays unanswered in \
     every figure of timeliness and so in the forecasts. Only valid parts count, and parts are those recorded now.",
    "Choices made here. Enforcement notices of the Information Commissioner since 2022 cite the number overdue, those over \
     six months and the age of the oldest.",
);

pub(super) const WORKLOAD_FORECAST: Wording = (
    "How the quarter can close",
    "requests",
    None,
    "For the calendar quarter of `as_at`, on each basis: what is late already stays late, and every other open request is \
     answered on the last day for an answer in time. On the basis `received` these are the requests received so far, on \
     `due` those whose statutory due date lies in the quarter, on `closed` those answered completely so far, those whose last day \
     lies in the rest of the quarter (of several open parts the latest, which completes the answer), and the overdue, taken to be answered late before it ends. \
     `late_answers_affordable`: how many of the requests that are not late yet could still be answered late with the \
     share in time no lower than the target; absent where the target is out of reach already. Requests that wait are left \
     out, as they are of the denominator of timeliness.",
    "A choice made here. The targets are the bands of the Information Commissioner's self-assessment toolkit.",
);

pub(super) const COMPARISON: Wording = (
    "Figures of several authorities",
    "requests",
    None,
    "The figures of one metric for each authority that the credential may see, and in total: numerators and denominators \
     added up, the share worked out anew. Bands of working days are shares of what was measured, decided or is open, answers to \
     parts (`parts_disclosed`) of the parts answered. Compared is what can be added up. Medians, percentiles and extremes cannot; \
     forecasts depend on what each authority has still to answer and are told with its workload; what the regulator found by \
     provision, and what became of provisions and of NCND answers at review and at the regulator, is so little in one authority that \
     a rank would say nothing: all these are in the metric itself, authority by authority. The rank goes by the share, where the \
     denominator is 0 last; equal shares have equal ranks. A count that is of nothing, like the complaints made, has the \
     denominator 0 and ranks by itself. `metric_definition` and `basis` are those of the metric, and hold for every figure. Of \
     timeliness the basis is the one asked for, received when none is. Of provisions there is a figure for each that any of \
     the authorities cites, `foia 31(3)`: the requests citing it, of those of which a part was first answered in the period. \
     The workload is that at the end of `as_at`, whatever the days asked for.",
    "A choice made here.",
);

pub(super) const RETURN_CODE_PART_8: Wording = (
    "Figures of Part 8 of the section 45 Code",
    "requests",
    Some(DefinitionBasis::Received),
    "The requests under FOIA and EIR received in the period, by what had become of them at the end of `as_at`: not \
     processed (not yet due, within an extension, overdue, stopped for clarification or for a fee), processed (within the \
     limit, within a permitted extension, later), or closed without an answer. Granted in full, in part, refused in full; \
     refused because not held is shown apart and is among the refused; advice has a column of its own. The rates are given on \
     three bases, for all three are in use: requests received, answered (the day of the last answer, or of a later end of another \
     part), or due in the period, each with its denominator. \
     While a request in any of them is open within its limit, extended or not, the return cannot be filed. Withdrawn, lapsed \
     and transferred requests are among the received and a closing of their own, an answer that nobody had to give among the \
     withdrawn: authorities differ, and this is a choice made here. Reviews are those asked for in the period and those decided in it.",
    "Section 45 Code of Practice, paragraphs 8.5 and 8.6, as four authorities that follow it reproduce them; the Code names \
     statistics and no columns.",
);

pub(super) const RETURN_CABINET_OFFICE: Wording = (
    "Statistics of central government",
    "requests",
    Some(DefinitionBasis::Received),
    "The requests under FOIA and EIR received in the period, in the 122 columns of the published data, under their exact \
     headings. Withdrawn, lapsed, transferred and waiting requests, and those answered when no duty was left, are on hold or \
     lapsed and leave the denominator. An open \
     request within a permitted extension is in time, as in the published rows; an overdue one is late. Requests not yet \
     due have no column. Resolvable: the denominator less advice and not held. Each section is counted once for each \
     request in which it was applied; section 21 in columns of its own, in the alternative only where every ground is of it. Grounds in the alternative under several columns \
     are counted in the total of exemptions only, for a column would tell which applied. Neither confirming nor denying \
     stands among the refusals and under its section. Any part under the EIR makes a request one handled under them. The \
     length of an extension is the number of working days from the statutory due date of an extended part under FOIA to its \
     own answer, of several the longest; other parts do not lengthen it. Columns that exist in \
     annual returns only are empty in quarters. Reviews are those asked for in the period; upheld is the answer that stood; one \
     that gave the first answer has no outcome of the form. Complaints are counted by the day they were made, and the columns \
     of their outcomes are left empty: notices with several findings do not give the form's words.",
    "The Cabinet Office's published data for 2020: formulas worked out from 798 rows since 2017. Bulletins of 2008 and 2009 \
     for what is in time. The places of special states are listed with `special_states`.",
);

pub(super) const RETURN_SCOTTISH_COMMISSIONER: Wording = (
    "Return to the Scottish Information Commissioner",
    "requests and answers",
    Some(DefinitionBasis::Activity),
    "What happened in the period under FOISA and under the EI(S)Rs: received, closed because clarification did not come, \
     withdrawn, fees notices given and paid, answered on time and late, each by its own day, answered by that of the last answer or of a \
     later end of another part; `no response` is a limit that \
     ran out in the period and is unanswered at the end of `as_at`, so it moves with the day the return is made. While a request that was received in the \
     period, or whose limit lies in it, is open within that limit, the return cannot be filed; nor while a review is undecided whose limit \
     lies in it and has not passed. A request that was withdrawn or lapsed stays so whatever is sent afterwards: such a letter \
     answers nothing here, and no exemption in it is counted. Rows 11 to \
     20 count answers sent, a request that was answered on several days once for each: the form follows what an authority \
     records, rows overlap by design and may exceed the requests, and what is left over is shown. An answer that discloses \
     some and withholds or does not hold the rest is in row 18. Refusals for cost, as vexatious or repeated, and neither \
     confirming nor denying have rows of their own, of a part as of the whole: an answer that withheld one part and neither \
     confirmed nor denied another is in both rows, one that did nothing else is not among those that released nothing. Under the EI(S)Rs \
     a part refused as manifestly unreasonable, by its ground or by an outcome of that kind, has such a row. That \
     is a choice made here, for authorities differ. Rows of reviews may overlap too: one that gave a first decision on a part counts as \
     that, and by what became of the decisions on others; under the EI(S)Rs it is not upheld. Exemptions are counted once for each answer; grounds in the alternative under \
     several columns are in none, for a column would tell which applied, and are what is left over in the last sum. Subject access requests are not recorded here, nor \
     whether a manifestly unreasonable request was so for its cost: these cells are empty.",
    "The Scottish Information Commissioner's workbook of 2019 to 2022 and the headings of the portal's export, its spelling \
     kept; the first four headings were not seen in an export.",
);

pub(super) const RETURN_SELF_ASSESSMENT: Wording = (
    "The Information Commissioner's self-assessment",
    "requests",
    Some(DefinitionBasis::Closed),
    "The requests under FOIA and EIR whose first answer became complete in the period, whenever received, and of them \
     those answered within the limit or a permitted extension. It is complete on the day on which the last part was answered, or, where \
     another part was withdrawn, lapsed or transferred later, on the day of that. The band is good from 95 per cent, adequate from 90, else \
     unsatisfactory; the published bands touch at 95, which is good here. Open and overdue are those at the end of the \
     period, or of `as_at` where that is earlier; the overdue are listed with their ages, in the table on a line each. Ages, in \
     working days and in months, are those of the part overdue longest, of a reopened one since the reopening. Reviews are \
     those decided in the period, in time within the 20 working days that guidance recommends, under the EIR within the 40 of \
     regulation 11(4).",
    "The Information Commissioner's FOI self-assessment toolkit, topic 1: all requests closed in the period, regardless of \
     when they were received.",
);
