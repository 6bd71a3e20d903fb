//! The closed lists of words that describe a provision. Knows nothing of single provisions.

use crate::vocabulary;

vocabulary! {
    /// What a provision does for an authority that cites it.
    pub enum ProvisionKind {
        /// Lets information be withheld: an exemption of the Acts, an exception of the Regulations.
        Exemption = "exemption",
        /// Lets the authority neither confirm nor deny that it holds the information.
        Ncnd = "ncnd",
        /// Refuses the request itself: its cost, or its being vexatious or repeated.
        ProceduralRefusal = "procedural_refusal",
        /// Exists and is cited in letters, but refuses nothing.
        NotAGround = "not_a_ground",
    }
}

vocabulary! {
    /// How a provision is cited.
    pub enum Role {
        /// Relied on as such.
        Ground = "ground",
        /// Stands over several provisions, one of which should be named instead (FOIA s17(1)(b): specify the exemption).
        Parent = "parent",
        /// Must be met for a ground to apply; cited with it.
        Condition = "condition",
        /// A purpose that a ground serves; cited with it.
        Purpose = "purpose",
        /// Changes how a ground is applied; cited with it.
        Modifier = "modifier",
    }
}

vocabulary! {
    /// What makes a ground apply.
    pub enum Basis {
        /// The information is of the kind described.
        Class = "class",
        /// Disclosure, or confirming or denying, would do the harm described.
        Prejudice = "prejudice",
    }
}

vocabulary! {
    /// Whether something holds for a provision.
    pub enum Applicability {
        Yes = "yes",
        No = "no",
        /// It depends on the condition relied on, or on who holds the information; the note says on what.
        Conditional = "conditional",
    }
}

vocabulary! {
    /// The level of likelihood at which a harm may be claimed.
    pub enum HarmThreshold {
        /// More probable than not.
        Would = "would",
        /// A real and significant risk, which may be under half.
        WouldBeLikely = "would_be_likely",
    }
}

vocabulary! {
    /// The harm in the words of the provision.
    pub enum Harm {
        Prejudice = "prejudice",
        /// FOISA and the EI(S)Rs ask for more than FOIA does.
        PrejudiceSubstantially = "prejudice_substantially",
        /// FOIA s36(2)(b).
        Inhibit = "inhibit",
        /// FOISA s30(b).
        InhibitSubstantially = "inhibit_substantially",
        /// Danger to a person: FOIA s38, FOISA s39(1).
        Endanger = "endanger",
        /// EIR reg 12(5).
        AdverselyAffect = "adversely_affect",
    }
}

vocabulary! {
    /// Something an authority must have, record or say when it relies on a provision.
    pub enum Need {
        /// The qualified person's reasonable opinion, except for statistical information (FOIA s36(2), (4)).
        QualifiedPersonOpinion = "qualified_person_opinion",
        /// An estimate of the cost (FOIA and FOISA s12).
        CostEstimate = "cost_estimate",
        /// The request answered before (FOIA and FOISA s14(2)).
        EarlierRequest = "earlier_request",
        /// Where the information can be had (FOIA s21, FOISA s25).
        PlaceAvailable = "place_available",
        /// The enactment that prohibits disclosure (FOIA s44(1)(a), FOISA s26(a)).
        Enactment = "enactment",
        /// When publication is planned, as far as known (FOIA s22, FOISA s27(1)).
        PublicationDate = "publication_date",
        /// When unfinished material should be complete (EIR reg 14(4), EI(S)Rs reg 13(d)).
        CompletionDate = "completion_date",
        /// Particulars asked for earlier (EIR and EI(S)Rs reg 9).
        ParticularsRequested = "particulars_requested",
        /// An answer under the environmental regulations (FOIA s39, FOISA s39(2)).
        EnvironmentalAnswer = "environmental_answer",
        /// Handling as a subject access request under data protection law.
        SubjectAccessRequest = "subject_access_request",
    }
}

vocabulary! {
    /// The authorities that alone can rely on a provision.
    pub enum Holder {
        /// FOIA s35(1).
        GovernmentDepartmentOrWelshGovernment = "government_department_or_welsh_government",
        /// FOIA s33(1).
        AuthorityWithAuditFunctions = "authority_with_audit_functions",
        /// FOISA s29(1).
        ScottishAdministration = "scottish_administration",
    }
}
