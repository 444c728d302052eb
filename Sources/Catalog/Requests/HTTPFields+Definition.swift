import HTTPTypes

extension HTTPFields {
    /// Puts a field at the end, in place of those with its name.
    mutating func put(_ field: HTTPField) {
        self[field.name] = nil
        append(field)
    }

    /// As `put(_:)`; no value only takes the field away.
    ///
    /// - Throws: as `HTTPField.init(_:text:)`.
    mutating func put(_ name: HTTPField.Name, _ value: String?) throws(CatalogError) {
        self[name] = nil
        if let value { append(try HTTPField(name, text: value)) }
    }

    /// - Throws: as `put(_:_:)`, and for a name that no field can have.
    mutating func put(_ template: HeaderTemplate, _ value: String?) throws(CatalogError) {
        if let name = template.fieldName { return try put(name, value) }
        if let value { throw HTTPField.fault(template.name, value) }
    }

    /// - Throws: as `put(_:_:)`, and for a name that no field can have.
    mutating func put(_ name: String, _ value: String?) throws(CatalogError) {
        if let fieldName = HTTPField.Name(name) { return try put(fieldName, value) }
        if let value { throw HTTPField.fault(name, value) }
    }
}

extension HTTPField {
    /// A field made of the text that a definition gives.
    ///
    /// - Throws: `unsafeValue` for a text that would end the field, `invalidHeader` for any other that no field can hold.
    init(_ name: Name, text: String) throws(CatalogError) {
        guard Self.isValidValue(text) else { throw Self.fault(name.rawName, text) }
        self.init(name: name, value: text)
    }

    /// - Throws: `unsafeValue` where the text would end the field and begin another (RFC 9110 §5.5).
    static func refuseLineBreak(_ name: String, _ value: String) throws(CatalogError) {
        guard endsField(name) || endsField(value) else { return }
        throw CatalogError(.unsafeValue, "the value of header '\(name)' holds a line break")
    }

    fileprivate static func fault(_ name: String, _ value: String) -> CatalogError {
        do { try refuseLineBreak(name, value) } catch { return error }
        return CatalogError(.invalidHeader, "the header '\(name)' holds characters that cannot be sent in one")
    }

    private static func endsField(_ text: String) -> Bool { text.utf8.contains { $0 == 13 || $0 == 10 || $0 == 0 } }
}
