/// A record that listings show.
protocol ListedRecord: SQLRecord {
    var position: Position { get }
}

extension TeamRecord: ListedRecord {
    var position: Position { Position(createdAt: createdAt, id: id) }
}
extension EnvironmentRecord: ListedRecord {
    var position: Position { Position(createdAt: createdAt, id: id) }
}
extension TokenRecord: ListedRecord {
    var position: Position { Position(createdAt: createdAt, id: id) }
}
extension EnvironmentIntegrationRecord: ListedRecord {
    var position: Position { Position(createdAt: createdAt, id: id) }
}
extension EnvironmentUnifiedModelRecord: ListedRecord {
    var position: Position { Position(createdAt: createdAt, id: id) }
}
extension AccountRecord: ListedRecord {
    var position: Position { Position(createdAt: createdAt, id: id) }
}

extension SQLSession {
    /// The rows that meet `condition` and the listing's filters, one page of them.
    func page<Record: ListedRecord, Field>(
        _ listing: Listing<Field>, where condition: SQLStatement
    ) throws -> Page<Record> {
        var condition = condition
        for filter in listing.filters { condition = "\(condition) AND \(filter.condition)" }
        if let after = listing.after {
            condition = "\(condition) AND (created_at, id) > (\(after.createdAt), \(after.id))"
        }
        // One row more than asked for tells whether there is a next page.
        let limit = max(1, listing.limit)
        var records: [Record] = try all(where: "\(condition) ORDER BY created_at, id LIMIT \(limit + 1)")
        guard records.count > limit else { return Page(items: records, next: nil) }
        records.removeLast()
        return Page(items: records, next: records.last?.position)
    }
}

extension Filter {
    var condition: SQLStatement {
        let column = field.rawValue
        let values = values.map(stored)
        guard let value = values.first else { return comparison == .nin ? "1 = 1" : "1 = 0" }
        return switch comparison {
        case .eq: "\(raw: column) = \(value)"
        case .ne: "\(raw: column) <> \(value)"
        case .gt: "\(raw: column) > \(value)"
        case .gte: "\(raw: column) >= \(value)"
        case .lt: "\(raw: column) < \(value)"
        case .lte: "\(raw: column) <= \(value)"
        case .in: "\(raw: column) IN (\(list: values))"
        case .nin: "\(raw: column) NOT IN (\(list: values))"
        // Named, because engines differ in whether there is an escape unless told.
        case .like: "LOWER(\(raw: column)) LIKE LOWER(\(value)) ESCAPE '\\'"
        }
    }

    /// Whether a value meets it, as it would in SQL.
    func isMet(by value: SQLValue) -> Bool {
        let values = values.map(stored)
        guard let wanted = values.first else { return comparison == .nin }
        if value == .null || values.contains(.null) && comparison != .in { return false }
        return switch comparison {
        case .eq: value == wanted
        case .ne: value != wanted
        case .gt: wanted.isLess(than: value)
        case .gte: !value.isLess(than: wanted)
        case .lt: value.isLess(than: wanted)
        case .lte: !wanted.isLess(than: value)
        case .in: values.contains(value)
        case .nin: !values.contains(value)
        case .like: value.isLike(wanted)
        }
    }

    /// A text that is no such value is compared as it is, and finds nothing.
    private func stored(_ value: String) -> SQLValue {
        switch field.kind {
        case .text: .text(comparison == .like ? Self.endingWhole(value) : value)
        case .time: Timestamp(value).map { SQLValue($0) } ?? .text(value)
        case .flag: .integer(["true", "1"].contains(value.lowercased()) ? 1 : 0)
        // No number equals one that is none.
        case .number: Int64(value).map(SQLValue.integer) ?? .null
        }
    }

    /// The pattern with a last escape character, which escapes nothing, made to stand for itself.
    private static func endingWhole(_ pattern: String) -> String {
        pattern.reversed().prefix { $0 == "\\" }.count % 2 == 0 ? pattern : pattern + "\\"
    }
}
