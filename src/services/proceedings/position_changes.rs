//! Changes of the authority's position while a complaint is with the regulator.

use crate::{
    casework::{
        alternatives,
        filing::ProceedingKind,
        ncnd_masking,
        position_change::{NewPositionChange, PositionAudience, PositionChange},
    },
    law::notice,
    services::{
        Context, ServiceError, ServiceResult,
        audit::Recipient,
        proceedings::{
            CaseFile, Filing, NewEntry, Place, Proceeding, complaints, content, disclosure, guards, in_order,
            unknown_citations,
        },
    },
    store::{Connection, proceedings::ProceedingRow},
};

/// Records a change of position.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a part or group that does not exist, and for one member of an alternative group;
/// [`ServiceError::ImpossibleOrder`] when it was stated before the complaint was made;
/// [`ServiceError::InsufficientScope`] for grounds of a guarded part by who may not read them.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    change: &NewPositionChange,
) -> ServiceResult<PositionChange> {
    let mut file = CaseFile::to_change(connection, context, &place.request_id)?;
    let complaint_id = place.complaint_id.as_deref().unwrap_or_default();
    let (complaint_key, complaint) = {
        let (row, complaint) = complaints::open_to_entries(&file, complaint_id)?;
        (row.proceeding_key, complaint)
    };
    let mut faults = change.faults(context.today);
    let unknown = file.unknown_parts("/parts", change.parts.as_deref());
    if unknown.is_empty() {
        let parts = file.parts(change.parts.as_deref().or(complaint.parts.as_deref()));
        faults.extend(guards::position_faults(context, &file, &parts, change)?);
    }
    faults.extend(unknown);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    in_order(("complaint_made", complaint.made_on), ("position_stated", change.stated_on))?;
    let named = file.parts(change.parts.as_deref().or(complaint.parts.as_deref()));
    let (regimes, on) = (file.regimes(&named)?, change.stated_on);
    let mut change = change.clone();
    change.grounds_added.iter_mut().for_each(|ground| notice::name_ground(ground, &regimes, on));
    if let Some(regime) = regimes.first() {
        alternatives::order_grounds(&mut change.grounds_added, *regime, on);
    }
    let entry = NewEntry {
        kind: ProceedingKind::PositionChange,
        parent_key: Some(complaint_key),
        begun_on: change.stated_on,
        ended_on: None,
        content: serde_json::to_string(&change)?,
    };
    let id = file.record(connection, context, entry)?;
    for audience in &change.communicated_to {
        context.disclosed_to(match audience {
            PositionAudience::Requester => Recipient::Requester,
            PositionAudience::Regulator => Recipient::Regulator,
            PositionAudience::Tribunal => Recipient::Tribunal,
        });
    }
    PositionChange::document(context, &file, file.entry(place, ProceedingKind::PositionChange, &id)?)
}

impl Proceeding for PositionChange {
    const KIND: ProceedingKind = ProceedingKind::PositionChange;

    #[expect(private_interfaces, reason = "only this module makes documents of rows")]
    fn document(context: &Context, file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Self> {
        let change: NewPositionChange = content(row)?;
        let parts = match change.parts {
            Some(parts) => parts,
            None => complaints::parts_above(file, row)?,
        };
        let regimes = file.regimes(&parts)?;
        let filing = Filing::of(file, row)?;
        let mut change = Self {
            id: filing.id,
            request_id: filing.request_id,
            complaint_id: file.complaint_of(row).map(|complaint| complaint.id.clone()).unwrap_or_default(),
            stated_on: change.stated_on,
            communicated_to: change.communicated_to,
            parts,
            grounds_added: change.grounds_added,
            grounds_dropped: change.grounds_dropped,
            determination: change.determination,
            reasons: change.reasons,
            checks: Vec::new(),
            version: filing.version,
            created_at: filing.created_at,
            updated_at: filing.updated_at,
            voided_at: filing.voided_at,
            void_reason: filing.void_reason,
        };
        if let Some(guarded) = disclosure::guarded_in(context, file)? {
            change = ncnd_masking::masked_position_change(change, guarded, context.today);
        }
        // Of what the caller is shown.
        if change.voided_at.is_none() {
            let (added, dropped) = (&change.grounds_added, &change.grounds_dropped);
            change.checks = unknown_citations::of_position(&regimes, change.stated_on, added, dropped);
        }
        Ok(change)
    }
}
