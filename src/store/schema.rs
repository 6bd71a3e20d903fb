//! The tables, as diesel sees them: one schema for both databases (see `migrations/`). A test compares it with each.

#![expect(missing_docs, reason = "a table means what its migration says")]

diesel::table! {
    authorities (authority_key) {
        authority_key -> BigInt,
        id -> Text,
        name -> Text,
        kind -> Text,
        nation -> Text,
        reference_pattern -> Nullable<Text>,
        settings -> Text,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    reference_counters (authority_key, year) {
        authority_key -> BigInt,
        year -> Integer,
        last_number -> BigInt,
    }
}

diesel::table! {
    requests (request_key) {
        request_key -> BigInt,
        id -> Text,
        authority_key -> BigInt,
        authority_id -> Text,
        reference -> Text,
        regime -> Text,
        subject -> Text,
        search_text -> Text,
        recorded_received_on -> Date,
        details -> Text,
        received_on -> Date,
        status -> Text,
        due_on -> Nullable<Date>,
        extended_to -> Nullable<Date>,
        lapses_on -> Nullable<Date>,
        overdue_after -> Nullable<Date>,
        responded_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        on_time -> Nullable<Bool>,
        working_days_taken -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        erased_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    request_topics (request_key, topic) {
        request_key -> BigInt,
        authority_key -> BigInt,
        topic -> Text,
    }
}

diesel::table! {
    requesters (request_key) {
        request_key -> BigInt,
        authority_key -> BigInt,
        identity -> Nullable<Text>,
        original_text -> Nullable<Text>,
        key_id -> Nullable<Text>,
    }
}

diesel::table! {
    legal_holds (request_key) {
        request_key -> BigInt,
        authority_key -> BigInt,
        reason -> Text,
        placed_by -> Nullable<Text>,
        placed_at -> BigInt,
    }
}

diesel::table! {
    parts (part_key) {
        part_key -> BigInt,
        request_key -> BigInt,
        authority_key -> BigInt,
        position -> Integer,
        label -> Text,
        text -> Text,
        regime -> Nullable<Text>,
        valid_request -> Bool,
        details -> Text,
        status -> Nullable<Text>,
        due_on -> Nullable<Date>,
        extended_to -> Nullable<Date>,
        lapses_on -> Nullable<Date>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    events (event_key) {
        event_key -> BigInt,
        id -> Text,
        request_key -> BigInt,
        authority_key -> BigInt,
        kind -> Text,
        effective_on -> Date,
        scope -> Nullable<Text>,
        happening -> Text,
        details -> Text,
        recorded_at -> BigInt,
        voided_at -> Nullable<BigInt>,
        void_reason -> Nullable<Text>,
    }
}

diesel::table! {
    responses (response_key) {
        response_key -> BigInt,
        id -> Text,
        request_key -> BigInt,
        authority_key -> BigInt,
        kind -> Text,
        status -> Text,
        issued_on -> Nullable<Date>,
        content -> Text,
        findings -> Text,
        override_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    answers (response_key, part_label) {
        response_key -> BigInt,
        response_id -> Text,
        request_key -> BigInt,
        authority_key -> BigInt,
        part_label -> Text,
        response_kind -> Text,
        issued_on -> Date,
        outcome -> Text,
    }
}

diesel::table! {
    citations (response_key, part_label, citation_class) {
        response_key -> BigInt,
        request_key -> BigInt,
        authority_key -> BigInt,
        part_label -> Text,
        response_kind -> Text,
        issued_on -> Date,
        regime -> Text,
        citation_class -> Text,
        ncnd -> Bool,
    }
}

diesel::table! {
    filed_returns (filed_return_key) {
        filed_return_key -> BigInt,
        id -> Text,
        authority_key -> BigInt,
        authority_id -> Text,
        number -> BigInt,
        return_kind -> Text,
        period -> Text,
        as_at -> Date,
        document -> Text,
        sha256 -> Text,
        filed_at -> BigInt,
    }
}

diesel::table! {
    timeline_entries (entry_key) {
        entry_key -> BigInt,
        request_key -> BigInt,
        authority_key -> BigInt,
        kind -> Text,
        effective_on -> Nullable<Date>,
        subject_id -> Nullable<Text>,
        detail -> Nullable<Text>,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    deletions (id) {
        id -> Text,
        authority_key -> BigInt,
        authority_id -> Text,
        deleted_at -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (credential, idempotency_key) {
        credential -> Text,
        idempotency_key -> Text,
        fingerprint -> Text,
        status -> Integer,
        headers -> Text,
        body -> Text,
        request_id -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    calendar_files (calendar_file_key) {
        calendar_file_key -> BigInt,
        version -> Text,
        document -> Text,
        loaded_at -> BigInt,
    }
}

diesel::table! {
    installation (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    proceedings (proceeding_key) {
        proceeding_key -> BigInt,
        id -> Text,
        request_key -> BigInt,
        authority_key -> BigInt,
        kind -> Text,
        parent_key -> Nullable<BigInt>,
        begun_on -> Date,
        ended_on -> Nullable<Date>,
        content -> Text,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        voided_at -> Nullable<BigInt>,
        void_reason -> Nullable<Text>,
    }
}

diesel::table! {
    due_dates (subject_id, kind, due_on) {
        request_key -> BigInt,
        authority_key -> BigInt,
        subject_id -> Text,
        kind -> Text,
        due_on -> Date,
        provision -> Text,
    }
}

diesel::table! {
    case_histories (request_key) {
        request_key -> BigInt,
        authority_key -> BigInt,
        fingerprint -> Text,
        identifiers -> Text,
    }
}

diesel::table! {
    regulatory_actions (regulatory_action_key) {
        regulatory_action_key -> BigInt,
        id -> Text,
        authority_key -> BigInt,
        authority_id -> Text,
        content -> Text,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        voided_at -> Nullable<BigInt>,
        void_reason -> Nullable<Text>,
    }
}

diesel::table! {
    records (record_key) {
        record_key -> BigInt,
        id -> Text,
        request_key -> BigInt,
        authority_key -> BigInt,
        label -> Text,
        content -> Text,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    record_parts (record_key, part_label) {
        record_key -> BigInt,
        request_key -> BigInt,
        part_label -> Text,
        frozen -> Bool,
    }
}

diesel::table! {
    ncnd_positions (position_key) {
        position_key -> BigInt,
        id -> Text,
        authority_key -> BigInt,
        authority_id -> Text,
        content -> Text,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    api_keys (api_key_key) {
        api_key_key -> BigInt,
        id -> Text,
        authority_key -> Nullable<BigInt>,
        prefix -> Text,
        key_hash -> Text,
        name -> Text,
        kind -> Text,
        scopes -> Text,
        expires_on -> Date,
        created_by -> Text,
        created_at -> BigInt,
        last_used_on -> Nullable<Date>,
        revoked_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    api_key_authorities (api_key_key, authority_key) {
        api_key_key -> BigInt,
        authority_key -> BigInt,
    }
}

diesel::table! {
    requester_matches (request_key, match_hash) {
        request_key -> BigInt,
        authority_key -> BigInt,
        match_hash -> Text,
    }
}

diesel::table! {
    audit_heads (authority_key) {
        authority_key -> BigInt,
        seq -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    audit_entries (authority_key, seq) {
        authority_key -> BigInt,
        seq -> BigInt,
        recorded_at -> BigInt,
        operation -> Text,
        actor -> Nullable<Text>,
        case_id -> Nullable<Text>,
        content -> Text,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    audit_cases_shown (authority_key, case_id, seq) {
        authority_key -> BigInt,
        case_id -> Text,
        seq -> BigInt,
    }
}

diesel::table! {
    audit_checkpoints (authority_key, seq) {
        authority_key -> BigInt,
        seq -> BigInt,
        content -> Text,
    }
}

diesel::table! {
    audit_successions (authority_key, seq) {
        authority_key -> BigInt,
        seq -> BigInt,
        content -> Text,
    }
}

diesel::table! {
    case_sheets (request_key) {
        request_key -> BigInt,
        authority_key -> BigInt,
        mark -> BigInt,
        settled_on -> Date,
        holds_until -> Nullable<Date>,
        received_on -> Date,
        due_on -> Date,
        responded_on -> Nullable<Date>,
        regime -> Nullable<Text>,
        standing -> Text,
        changes_on -> Nullable<Date>,
        changed_standing -> Nullable<Text>,
        working_days_taken -> Nullable<Integer>,
        outcomes -> Text,
        is_closed -> Bool,
        content -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    records,
    record_parts,
    ncnd_positions,
    proceedings,
    due_dates,
    case_histories,
    regulatory_actions,
    authorities,
    reference_counters,
    requests,
    request_topics,
    requesters,
    parts,
    events,
    responses,
    answers,
    citations,
    filed_returns,
    case_sheets,
    timeline_entries,
    deletions,
    idempotency_keys,
    calendar_files,
    installation,
    api_keys,
    api_key_authorities,
    requester_matches,
    audit_heads,
    audit_entries,
    audit_cases_shown,
    legal_holds,
);
