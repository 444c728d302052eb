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
                pageParameter: config.text("page_param", "page_key") ?? "page", limits: limits,
                firstPage: config.int("first_page") ?? 1
            )
        case "cursor":
            guard let path = config.expression("cursor_path", "cursor_expression") else {
                throw reader.fault(["config"], "'cursor_path' is missing")
            }
            self = .cursor(
                cursorParameter: config.text("cursor_param", "cursor_key") ?? "cursor", cursorPath: path,
                inBody: config.text("cursor_in") == "body", limits: limits
            )
        case "offset": self = .offset(offsetParameter: config.text("offset_param", "offset_key") ?? "offset", limits: limits)
        case "link_header": self = .linkHeader(limits: limits, only: config.bool("cursor_only") ?? false)
        case "range": self = .range(unit: config.text("range_unit") ?? "items", limits: limits)
        default:
            guard let next = config.expression("get_pagination_values_expression") else {
                throw reader.fault(["config"], "'get_pagination_values_expression' is missing")
            }
            self = .dynamic(
                initial: config.expression("get_initial_pagination_values_expression"), next: next,
                cursor: config.expression("get_cursor_from_response_expression"), limits: limits
            )
        }
    }
}
