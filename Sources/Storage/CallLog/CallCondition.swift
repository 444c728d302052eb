#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Which calls a reading of the log is for. Compares as SQL does: a field without a value meets no condition.
struct CallCondition: Sendable {
    private let filters: [Filter<CallField>]
    private let environment: String?
    /// Of each list at least one text stands in every block that has a call that meets the condition.
    private let texts: [[[UInt8]]]

    init(_ filters: [Filter<CallField>], environment: String?) {
        self.filters = filters
        self.environment = environment
        var texts = filters.filter { $0.field.kind == .text && ($0.comparison == .eq || $0.comparison == .in) }
            .map { filter in (filter.comparison == .eq ? Array(filter.values.prefix(1)) : filter.values).map(CallLines.escaped) }
        if let environment { texts.append([CallLines.escaped(environment)]) }
        self.texts = texts
    }

    /// Whether a block may have such calls. Looks for texts without reading the lines, so that a long log is soon gone through.
    func mayBeMet(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { block in
            texts.allSatisfy { $0.contains { Self.contains(UnsafeRawBufferPointer(block), $0) } }
        }
    }

    private static func contains(_ block: UnsafeRawBufferPointer, _ text: [UInt8]) -> Bool {
        guard let first = text.first else { return true }
        guard var at = block.baseAddress else { return false }
        let end = at + block.count
        while end - at >= text.count, let found = memchr(at, Int32(first), end - at - text.count + 1) {
            if memcmp(found, text, text.count) == 0 { return true }
            at = UnsafeRawPointer(found) + 1
        }
        return false
    }

    func isMet(by call: CallRecord) -> Bool {
        if let environment, call.environmentID != environment { return false }
        return filters.allSatisfy { $0.isMet(by: call[$0.field]) }
    }

    /// What the filters say of the times of a block.
    var ofBlocks: SQLStatement {
        var condition: SQLStatement = "1 = 1"
        for filter in filters where filter.field == .createdAt {
            guard let time = filter.values.first.flatMap(Timestamp.init) else { continue }
            switch filter.comparison {
            case .gt, .gte: condition = "\(condition) AND last_at >= \(time)"
            case .lt, .lte: condition = "\(condition) AND first_at <= \(time)"
            case .eq: condition = "\(condition) AND last_at >= \(time) AND first_at <= \(time)"
            default: continue
            }
        }
        return condition
    }
}

extension CallRecord {
    fileprivate subscript(field: CallField) -> SQLValue {
        switch field {
        case .id: .text(id)
        case .type: .text(type)
        case .requestID: SQLValue(requestID)
        case .traceID: SQLValue(traceID)
        case .httpMethod: .text(httpMethod)
        case .route: SQLValue(route)
        case .host: SQLValue(host)
        case .resource: SQLValue(resource)
        case .method: SQLValue(method)
        case .integration: SQLValue(integration)
        case .accountID: SQLValue(accountID)
        case .status: SQLValue(status)
        case .code: .text(code)
        case .createdAt: SQLValue(createdAt)
        }
    }
}
