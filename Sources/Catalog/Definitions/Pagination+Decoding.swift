import JSON

extension Pagination {
    init(decoding reader: DefinitionReader) throws(CatalogError) {
        // `config` may be left out where every setting has its default.
        let config = reader.child("config") ?? DefinitionReader(reader.definition, .object([:]), reader.path + ["config"])
        let limits = PageLimits(
            parameter: config.text("limit_param", "limit_key"), default: config.int("default_limit"),
            maximum: config.int("max_limit")
        )
        switch reader.text("format") {
        case "page":
            self = .page(
                parameter: config.text("page_param", "page_key") ?? "page", place: config.word("page_in") ?? .query,
                first: config.int("first_page") ?? 1, more: config.expression("more_expression"), limits: limits
            )
        case "cursor":
            self = .cursor(
                parameter: config.text("cursor_param", "cursor_key") ?? "cursor",
                path: try Self.required(config.expression("cursor_path", "cursor_expression"), "cursor_path", reader),
                place: config.word("cursor_in") ?? .query, limits: limits
            )
        case "offset":
            self = .offset(
                parameter: config.text("offset_param", "offset_key") ?? "offset",
                place: config.word("offset_in") ?? .query, limits: limits
            )
        case "link_header": self = .linkHeader(limits: limits, only: config.bool("cursor_only") ?? false)
        case "next_url":
            self = .nextURL(
                path: try Self.required(config.expression("next_path"), "next_path", reader), limits: limits
            )
        case "range": self = .range(unit: config.text("range_unit") ?? "items", limits: limits)
        default:
            let key = "get_pagination_values_expression"
            self = .dynamic(
                initial: config.expression("get_initial_pagination_values_expression"),
                next: try Self.required(config.expression(key), key, reader),
                cursor: config.expression("get_cursor_from_response_expression"), limits: limits
            )
        }
    }

    private static func required(
        _ expression: MappingExpression?, _ key: String, _ reader: DefinitionReader
    ) throws(CatalogError) -> MappingExpression {
        guard let expression else { throw reader.fault(["config"], "'\(key)' is missing") }
        return expression
    }
}
