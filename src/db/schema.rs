// @generated from migrations/sqlite by the test `schema_rs_matches_the_migrations`; do not edit.

diesel::table! {
    account_links (account_id) {
        account_id -> BigInt,
        signup_marketplace -> Text,
        authorized_by -> Text,
        authorized_at -> Nullable<Timestamp>,
        secret_entered_at -> Nullable<Timestamp>,
        refused_data -> Text,
        tested_at -> Nullable<Timestamp>,
        marketplaces_read_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    account_marketplaces (account_id, marketplace_id) {
        account_id -> BigInt,
        marketplace_id -> Text,
        seller_id -> Text,
        is_active -> Bool,
        team_id -> Nullable<BigInt>,
        location_id -> Nullable<BigInt>,
        carrier_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        company_id -> BigInt,
        name -> Text,
        seller_id -> Text,
        region -> Text,
        is_simulated -> Bool,
        state -> Text,
        team_id -> BigInt,
        location_id -> BigInt,
        interval_secs -> BigInt,
        last_order_sync -> Timestamp,
        public_id -> Text,
        wrapped_key -> Binary,
        sealed -> Binary,
        version -> BigInt,
        created_at -> Timestamp,
        carrier_id -> Nullable<BigInt>,
        unlinked_at -> Nullable<Timestamp>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    addresses (id) {
        id -> BigInt,
        customer_id -> BigInt,
        address_ref -> Text,
        public_id -> Text,
        country -> Nullable<Text>,
        region -> Nullable<Text>,
        city -> Nullable<Text>,
        postcode_area -> Nullable<Text>,
        wrapped_key -> Nullable<Binary>,
        sealed -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    api_quotas (account_id, operation) {
        account_id -> BigInt,
        operation -> Text,
        tokens_micro -> BigInt,
        rate_micro -> BigInt,
        burst -> BigInt,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    audit_events (id) {
        id -> BigInt,
        company_id -> Nullable<BigInt>,
        user_id -> Nullable<BigInt>,
        ip -> Nullable<Text>,
        action -> Text,
        subject -> Text,
        old_value -> Nullable<Text>,
        new_value -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    carriers (id) {
        id -> BigInt,
        company_id -> BigInt,
        name -> Text,
        name_key -> Text,
        amazon_code -> Text,
        tracking_url -> Nullable<Text>,
        tracking_format -> Nullable<Text>,
        is_active -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    companies (id) {
        id -> BigInt,
        name -> Text,
        country -> Text,
        currency -> Text,
        time_zone -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    custom_marketplaces (company_id, marketplace_id) {
        company_id -> BigInt,
        marketplace_id -> Text,
        name -> Text,
        country -> Text,
        currency -> Text,
        region -> Text,
        seller_central_url -> Text,
        version -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    customer_words (part, word_hash, customer_id) {
        part -> BigInt,
        word_hash -> BigInt,
        customer_id -> BigInt,
    }
}

diesel::table! {
    customers (id) {
        id -> BigInt,
        company_id -> BigInt,
        buyer_ref -> Text,
        public_id -> Text,
        is_business -> Bool,
        is_anonymous -> Bool,
        country -> Nullable<Text>,
        region -> Nullable<Text>,
        city -> Nullable<Text>,
        postcode_area -> Nullable<Text>,
        wrapped_key -> Nullable<Binary>,
        sealed -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    decisions (id) {
        id -> BigInt,
        run_id -> BigInt,
        account_id -> BigInt,
        order_id -> Nullable<BigInt>,
        amazon_order_id -> Text,
        rule -> Text,
        outcome -> Text,
        reasons -> Text,
        channel -> Text,
        amazon_status -> Text,
        amazon_updated_at -> Timestamp,
        decided_at -> Timestamp,
    }
}

diesel::table! {
    digests (user_id) {
        user_id -> BigInt,
        told_until -> Timestamp,
        next_at -> Timestamp,
        attempts -> BigInt,
        tried_at -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        problem -> Nullable<Text>,
        answer -> Nullable<BigInt>,
    }
}

diesel::table! {
    feed_messages (feed_id, message) {
        feed_id -> BigInt,
        message -> BigInt,
        shipment_id -> BigInt,
        result -> Nullable<Text>,
        code -> Nullable<Text>,
        explanation -> Nullable<Text>,
    }
}

diesel::table! {
    feeds (id) {
        id -> BigInt,
        company_id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        state -> Text,
        amazon_document_id -> Nullable<Text>,
        amazon_feed_id -> Nullable<Text>,
        messages -> BigInt,
        accepted -> BigInt,
        refused -> BigInt,
        created_at -> Timestamp,
        submitted_at -> Nullable<Timestamp>,
        next_look_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    file_import_rows (import_id, line) {
        import_id -> BigInt,
        line -> BigInt,
        outcome -> Text,
        reference -> Text,
        notes -> Text,
    }
}

diesel::table! {
    file_imports (id) {
        id -> BigInt,
        company_id -> BigInt,
        user_id -> BigInt,
        file_name -> Text,
        encoding -> Text,
        state -> Text,
        heads -> Text,
        mapping -> Text,
        rows_total -> BigInt,
        rows_done -> BigInt,
        rows_new -> BigInt,
        rows_changed -> BigInt,
        rows_unchanged -> BigInt,
        rows_refused -> BigInt,
        problem -> Nullable<Text>,
        lease_until -> Timestamp,
        fencing -> BigInt,
        created_at -> Timestamp,
        content -> Nullable<Binary>,
        account_id -> Nullable<BigInt>,
        subject -> Text,
        lines_mended -> BigInt,
    }
}

diesel::table! {
    issues (id) {
        id -> BigInt,
        company_id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        subject -> Text,
        severity -> Text,
        state -> Text,
        order_id -> Nullable<BigInt>,
        amazon_order_id -> Nullable<Text>,
        detail -> Text,
        public_id -> Text,
        wrapped_key -> Nullable<Binary>,
        sealed -> Nullable<Binary>,
        times -> BigInt,
        first_seen_at -> Timestamp,
        last_seen_at -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        account_id -> BigInt,
        due_at -> Timestamp,
        lease_until -> Timestamp,
        fencing -> BigInt,
        attempts -> BigInt,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    link_requests (state_hash) {
        state_hash -> Text,
        account_id -> BigInt,
        session_hash -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    locations (id) {
        id -> BigInt,
        company_id -> BigInt,
        code -> Text,
        name -> Text,
        kind -> Text,
        allow_negative -> Bool,
    }
}

diesel::table! {
    marketplace_taxes (marketplace_id) {
        marketplace_id -> Text,
        prices_include_tax -> Bool,
    }
}

diesel::table! {
    moves (id) {
        id -> BigInt,
        company_id -> BigInt,
        account_id -> Nullable<BigInt>,
        marketplace_id -> Nullable<Text>,
        order_id -> Nullable<BigInt>,
        order_line_id -> Nullable<BigInt>,
        picking_id -> Nullable<BigInt>,
        product_id -> BigInt,
        quantity -> BigInt,
        source_id -> BigInt,
        destination_id -> BigInt,
        origin -> Text,
        state -> Text,
        moved_at -> Timestamp,
        reserved -> BigInt,
        picked -> BigInt,
        kit_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    offers (id) {
        id -> BigInt,
        company_id -> BigInt,
        account_id -> BigInt,
        marketplace_id -> Text,
        sku -> Text,
        sku_key -> Text,
        asin -> Nullable<Text>,
        product_id -> Nullable<BigInt>,
        matched_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    order_lines (id) {
        id -> BigInt,
        order_id -> BigInt,
        position -> BigInt,
        kind -> Text,
        amazon_item_id -> Nullable<Text>,
        sku -> Nullable<Text>,
        asin -> Nullable<Text>,
        title -> Text,
        product_id -> Nullable<BigInt>,
        is_default_product -> Bool,
        quantity -> BigInt,
        delivered -> BigInt,
        total_minor -> BigInt,
        tax_minor -> BigInt,
        discount_minor -> BigInt,
        tax_reading -> Text,
    }
}

diesel::table! {
    order_taxes (order_id) {
        order_id -> BigInt,
        company_id -> BigInt,
        fiscal_row -> Nullable<Text>,
        treatment -> Text,
        income_role -> Nullable<Text>,
        category -> Nullable<Text>,
        rate_country -> Nullable<Text>,
        rates -> Text,
        reasons -> Text,
        facts -> Text,
        ours_minor -> Nullable<BigInt>,
        agreement -> Text,
        decided_at -> Timestamp,
    }
}

diesel::table! {
    orders (id) {
        id -> BigInt,
        company_id -> BigInt,
        account_id -> BigInt,
        amazon_order_id -> Text,
        marketplace_id -> Text,
        channel -> Text,
        state -> Text,
        amazon_status -> Text,
        delivery -> Text,
        currency -> Text,
        total_minor -> BigInt,
        tax_minor -> BigInt,
        team_id -> BigInt,
        customer_id -> BigInt,
        address_id -> Nullable<BigInt>,
        ordered_at -> Timestamp,
        ordered_on -> Date,
        ship_by -> Nullable<Timestamp>,
        deliver_by -> Nullable<Timestamp>,
        amazon_updated_at -> Timestamp,
        fingerprint -> BigInt,
        is_business -> Bool,
        is_prime -> Bool,
        is_gift -> Bool,
        replaces -> Nullable<Text>,
        is_shipped_outside -> Bool,
        cancellation_requested -> Bool,
        needs_decision -> Bool,
        public_id -> Text,
        wrapped_key -> Nullable<Binary>,
        sealed -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    participations (account_id, marketplace_id) {
        account_id -> BigInt,
        marketplace_id -> Text,
        name -> Text,
        country -> Text,
        currency -> Text,
        is_participating -> Bool,
        is_suspended -> Bool,
    }
}

diesel::table! {
    pickings (id) {
        id -> BigInt,
        company_id -> BigInt,
        account_id -> BigInt,
        order_id -> BigInt,
        state -> Text,
        source_id -> BigInt,
        destination_id -> BigInt,
        ship_by -> Nullable<Timestamp>,
        carrier -> Nullable<Text>,
        tracking -> Nullable<Text>,
        amazon_sync -> Text,
        is_held -> Bool,
        has_gift -> Bool,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
        kind -> Text,
        carrier_id -> Nullable<BigInt>,
        backorder_of_id -> Nullable<BigInt>,
        return_of_id -> Nullable<BigInt>,
        assigned_to_id -> Nullable<BigInt>,
        is_starred -> Bool,
        printed_at -> Nullable<Timestamp>,
        address_changed_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    product_components (kit_id, component_id) {
        kit_id -> BigInt,
        component_id -> BigInt,
        quantity -> BigInt,
    }
}

diesel::table! {
    product_words (product_id, word) {
        product_id -> BigInt,
        word -> Text,
        company_id -> BigInt,
    }
}

diesel::table! {
    products (id) {
        id -> BigInt,
        company_id -> BigInt,
        reference -> Text,
        name -> Text,
        kind -> Text,
        default_for -> Nullable<Text>,
        is_active -> Bool,
        created_at -> Timestamp,
        product_type -> Text,
        barcode -> Nullable<Text>,
        price_minor -> BigInt,
        cost_minor -> BigInt,
        tax_class -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    quants (product_id, location_id) {
        product_id -> BigInt,
        location_id -> BigInt,
        quantity -> BigInt,
        reserved -> BigInt,
    }
}

diesel::table! {
    run_pages (run_id, position) {
        run_id -> BigInt,
        position -> BigInt,
        wrapped_key -> Binary,
        sealed -> Binary,
    }
}

diesel::table! {
    run_results (id) {
        id -> BigInt,
        run_id -> BigInt,
        amazon_order_id -> Text,
        rule -> Text,
        outcome -> Text,
        reasons -> Text,
        channel -> Text,
        amazon_status -> Text,
        amazon_updated_at -> Timestamp,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Text,
        user_id -> Nullable<BigInt>,
        csrf_token -> Text,
        developer_mode -> Bool,
        language -> Text,
        flash -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    setup_codes (code_hash) {
        code_hash -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    shipments (id) {
        id -> BigInt,
        company_id -> BigInt,
        account_id -> BigInt,
        order_id -> BigInt,
        picking_id -> BigInt,
        package_reference -> BigInt,
        carrier_code -> Text,
        carrier_name -> Nullable<Text>,
        tracking -> Text,
        shipped_at -> Timestamp,
        send_after -> Nullable<Timestamp>,
        attempts -> BigInt,
        sent_at -> Nullable<Timestamp>,
        settled_at -> Nullable<Timestamp>,
        refusal_code -> Nullable<Text>,
        refusal -> Nullable<Text>,
        created_at -> Timestamp,
        version -> BigInt,
        refused_at -> Nullable<Timestamp>,
        is_correction -> Bool,
    }
}

diesel::table! {
    sign_in_failures (id) {
        id -> BigInt,
        email_hash -> Text,
        ip -> Text,
        failed_at -> Timestamp,
    }
}

diesel::table! {
    sync_runs (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        cause -> Text,
        requested_by -> Nullable<BigInt>,
        state -> Text,
        window_from -> Nullable<Timestamp>,
        window_to -> Nullable<Timestamp>,
        parameters -> Text,
        next_token -> Nullable<Text>,
        token_at -> Nullable<Timestamp>,
        pages -> BigInt,
        orders_read -> BigInt,
        orders_created -> BigInt,
        orders_updated -> BigInt,
        orders_cancelled -> BigInt,
        orders_unchanged -> BigInt,
        orders_waiting -> BigInt,
        orders_skipped -> BigInt,
        orders_failed -> BigInt,
        calls -> BigInt,
        throttled -> BigInt,
        stop_requested_by -> Nullable<BigInt>,
        error -> Nullable<Text>,
        resume_at -> Nullable<Timestamp>,
        queued_at -> Timestamp,
        started_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    tax_profiles (company_id) {
        company_id -> BigInt,
        country -> Text,
        is_established_in_eu -> Bool,
        is_small_business -> Bool,
        uses_oss -> Bool,
        is_below_threshold -> Bool,
        trusts_amazon -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    tax_rates (id) {
        id -> BigInt,
        country -> Text,
        tax_class -> Text,
        rate_bp -> BigInt,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    tax_registrations (id) {
        id -> BigInt,
        company_id -> BigInt,
        country -> Text,
        vat_number -> Text,
    }
}

diesel::table! {
    teams (id) {
        id -> BigInt,
        company_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        company_id -> BigInt,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        role -> Text,
        may_force_sync -> Bool,
        language -> Text,
        theme -> Text,
        is_active -> Bool,
        created_at -> Timestamp,
        has_shortcuts -> Bool,
        gets_digest -> Bool,
    }
}

diesel::joinable!(account_links -> accounts (account_id));
diesel::joinable!(account_marketplaces -> accounts (account_id));
diesel::joinable!(account_marketplaces -> locations (location_id));
diesel::joinable!(account_marketplaces -> teams (team_id));
diesel::joinable!(accounts -> companies (company_id));
diesel::joinable!(accounts -> locations (location_id));
diesel::joinable!(accounts -> teams (team_id));
diesel::joinable!(addresses -> customers (customer_id));
diesel::joinable!(api_quotas -> accounts (account_id));
diesel::joinable!(audit_events -> companies (company_id));
diesel::joinable!(audit_events -> users (user_id));
diesel::joinable!(carriers -> companies (company_id));
diesel::joinable!(custom_marketplaces -> companies (company_id));
diesel::joinable!(customer_words -> customers (customer_id));
diesel::joinable!(decisions -> orders (order_id));
diesel::joinable!(decisions -> sync_runs (run_id));
diesel::joinable!(digests -> users (user_id));
diesel::joinable!(feed_messages -> feeds (feed_id));
diesel::joinable!(feed_messages -> shipments (shipment_id));
diesel::joinable!(feeds -> accounts (account_id));
diesel::joinable!(feeds -> companies (company_id));
diesel::joinable!(file_import_rows -> file_imports (import_id));
diesel::joinable!(file_imports -> accounts (account_id));
diesel::joinable!(file_imports -> companies (company_id));
diesel::joinable!(file_imports -> users (user_id));
diesel::joinable!(issues -> accounts (account_id));
diesel::joinable!(issues -> companies (company_id));
diesel::joinable!(issues -> orders (order_id));
diesel::joinable!(jobs -> accounts (account_id));
diesel::joinable!(link_requests -> accounts (account_id));
diesel::joinable!(locations -> companies (company_id));
diesel::joinable!(moves -> order_lines (order_line_id));
diesel::joinable!(moves -> orders (order_id));
diesel::joinable!(moves -> pickings (picking_id));
diesel::joinable!(moves -> products (product_id));
diesel::joinable!(offers -> accounts (account_id));
diesel::joinable!(offers -> companies (company_id));
diesel::joinable!(offers -> products (product_id));
diesel::joinable!(order_lines -> orders (order_id));
diesel::joinable!(order_lines -> products (product_id));
diesel::joinable!(order_taxes -> orders (order_id));
diesel::joinable!(orders -> accounts (account_id));
diesel::joinable!(orders -> addresses (address_id));
diesel::joinable!(orders -> customers (customer_id));
diesel::joinable!(orders -> teams (team_id));
diesel::joinable!(participations -> accounts (account_id));
diesel::joinable!(pickings -> orders (order_id));
diesel::joinable!(product_words -> products (product_id));
diesel::joinable!(products -> companies (company_id));
diesel::joinable!(quants -> locations (location_id));
diesel::joinable!(quants -> products (product_id));
diesel::joinable!(run_pages -> sync_runs (run_id));
diesel::joinable!(run_results -> sync_runs (run_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(shipments -> accounts (account_id));
diesel::joinable!(shipments -> companies (company_id));
diesel::joinable!(shipments -> orders (order_id));
diesel::joinable!(shipments -> pickings (picking_id));
diesel::joinable!(sync_runs -> accounts (account_id));
diesel::joinable!(tax_profiles -> companies (company_id));
diesel::joinable!(tax_registrations -> companies (company_id));
diesel::joinable!(teams -> companies (company_id));
diesel::joinable!(users -> companies (company_id));

diesel::allow_tables_to_appear_in_same_query!(
    account_links,
    account_marketplaces,
    accounts,
    addresses,
    api_quotas,
    audit_events,
    carriers,
    companies,
    custom_marketplaces,
    customer_words,
    customers,
    decisions,
    digests,
    feed_messages,
    feeds,
    file_import_rows,
    file_imports,
    issues,
    jobs,
    link_requests,
    locations,
    marketplace_taxes,
    moves,
    offers,
    order_lines,
    order_taxes,
    orders,
    participations,
    pickings,
    product_components,
    product_words,
    products,
    quants,
    run_pages,
    run_results,
    sessions,
    settings,
    setup_codes,
    shipments,
    sign_in_failures,
    sync_runs,
    tax_profiles,
    tax_rates,
    tax_registrations,
    teams,
    users,
);
