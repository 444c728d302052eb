import Encodings

/// `integrations/<vendor>/integration.yaml`.
extension CatalogShapes {
    static let integration = Shape.object([
        Shape.field("label", shape: .text, required: true),
        Shape.field("category", shape: .text),
        Shape.field("description", shape: .text),
        Shape.field("logo", shape: .text),
        Shape.field("icon", shape: .text),
        Shape.field("documentation_url", "documentation_link", shape: .text),
        Shape.field("base_url", shape: .template, required: true),
        Shape.field("allowed_hosts", shape: .list(.text)),
        Shape.field("headers", shape: headers),
        Shape.field("query", shape: .map(.templateTree, nullable: true)),
        Shape.field("query_array_format", shape: arrayFormat),
        Shape.field("credentials", shape: credentials),
        Shape.field("authorization", shape: authorizations),
        Shape.field("pagination", shape: .nullable(pagination)),
        Shape.field("rate_limit", shape: rateLimit),
        Shape.field("error_expression", shape: .expression),
        Shape.field("resources", shape: .map(resource, nullable: false), required: true),
        Shape.field("actions", shape: actions),
        Shape.field("session", shape: sessions),
    ])

    static let arrayFormat = Shape.word(QueryString.ArrayFormat.allCases.map(\.rawValue))

    static let resource = Shape.map(.either([.object(method), .text]), nullable: false)

    /// Where the facts about a call or a mapping come from, and whether one of them is inferred.
    static let evidence: [Shape.Field] = [
        Shape.field("source", shape: .oneOrList(.text)),
        Shape.field("unverified", shape: .bool),
        Shape.field("unverified_reason", shape: .text),
    ]

    static let method: [Shape.Field] =
        evidence + [
            Shape.field("description", shape: .text),
            Shape.field("api_documentation_url", "documentation_url", shape: .text),
            Shape.field("method", shape: .word(["get", "post", "put", "patch", "delete", "head"])),
            Shape.field("path", shape: .template),
            Shape.field("path_slashes", shape: .list(.text)),
            Shape.field("url", shape: .template),
            Shape.field("base_url", shape: .template),
            Shape.field("headers", shape: headers),
            Shape.field("query", shape: .map(.templateTree, nullable: true)),
            Shape.field("query_array_format", shape: arrayFormat),
            Shape.field("body", shape: .templateTree),
            Shape.field("body_format", shape: .word(IntegrationMethod.BodyFormat.allCases.map(\.rawValue))),
            Shape.field("body_format_config", shape: bodyOptions),
            Shape.field("response_path", shape: .expression),
            Shape.field("response_file", shape: .expression),
            Shape.field("xml_arrays", shape: .list(.text)),
            Shape.field("api_response_format", shape: .word(IntegrationMethod.ProviderFormat.allCases.map(\.rawValue))),
            Shape.field("pagination", shape: .nullable(pagination)),
            Shape.field("authorization", shape: authorization),
            Shape.field("no_auth", shape: .bool),
            Shape.field("auth", shape: .word(["own_hosts"])),
            Shape.field("no_session", shape: .bool),
            Shape.field("idempotent", "retry_safe", shape: .bool),
            Shape.field("temporary", shape: .bool),
            Shape.field("max_file_size", shape: .byteSize),
            Shape.field("max_body_size", shape: .byteSize),
            Shape.field("file_url", shape: fetchedFile),
            Shape.field("accepted_types", shape: .list(.text)),
            Shape.field("refused_types", shape: .list(.text)),
            Shape.field("success_statuses", shape: statuses),
            Shape.field("not_found_statuses", shape: statuses),
            Shape.field("not_found_expression", shape: .expression),
            Shape.field("error_expression", shape: .expression),
            Shape.field("add_query_to_body", shape: .bool),
            Shape.field("ignore_body", "set_body_to_null", shape: .bool),
            Shape.field("scopes", shape: .list(.text)),
        ]

    /// A call that hands over an address from which the vendor fetches the file.
    static let fetchedFile = Shape.object([
        Shape.field("fetched", shape: .word(IntegrationMethod.FetchedFile.Moment.allCases.map(\.rawValue)), required: true),
        Shape.field("lifetime", shape: .duration),
        Shape.field("times", shape: .integer(0...Int.max)),
        Shape.field("forward", shape: .bool),
    ])

    static let bodyOptions = Shape.object([
        Shape.field("array_format", shape: arrayFormat),
        Shape.field("nested", shape: .word(["brackets", "json"])),
        Shape.field("root", shape: .text),
        Shape.field("member", shape: .text),
        Shape.field("content_type", shape: .text),
    ])

    static let rateLimit = Shape.object([
        Shape.field("is_rate_limited", shape: .expression),
        Shape.field("retry_after_header_expression", shape: .expression),
        Shape.field("rate_limit_header_expression", shape: .expression),
        Shape.field(
            "limits",
            shape: .list(
                .object([
                    Shape.field("requests", shape: positive),
                    Shape.field("seconds", shape: .number),
                    Shape.field("burst", shape: positive),
                    Shape.field("concurrent", shape: positive),
                    Shape.field("calls", shape: .list(.text)),
                    Shape.field("authentication_methods", shape: .list(.text)),
                ])
            )
        ),
    ])

    static let place = Shape.word(Pagination.Place.allCases.map(\.rawValue))

    static let pagination = Shape.object([
        Shape.field(
            "format", shape: .word(["page", "cursor", "offset", "link_header", "next_url", "range", "dynamic"]), required: true
        ),
        Shape.field(
            "config",
            shape: .object([
                Shape.field("page_param", "page_key", shape: .text),
                Shape.field("page_in", shape: place),
                Shape.field("first_page", shape: .integer(0...1)),
                Shape.field("more_expression", shape: .expression),
                Shape.field("cursor_path", "cursor_expression", shape: .expression),
                Shape.field("cursor_param", "cursor_key", shape: .text),
                Shape.field("cursor_in", shape: place),
                Shape.field("offset_param", "offset_key", shape: .text),
                Shape.field("offset_in", shape: place),
                Shape.field("next_path", shape: .expression),
                Shape.field("limit_param", "limit_key", shape: .text),
                Shape.field("default_limit", shape: positive),
                Shape.field("max_limit", shape: positive),
                Shape.field("range_unit", shape: .text),
                Shape.field("cursor_only", shape: .bool),
                Shape.field("get_initial_pagination_values_expression", shape: .expression),
                Shape.field("get_pagination_values_expression", shape: .expression),
                Shape.field("get_cursor_from_response_expression", shape: .expression),
            ])
        ),
    ])
}
