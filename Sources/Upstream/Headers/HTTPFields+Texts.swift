package import HTTPTypes

extension HTTPFields {
    /// Fields from texts, in their order, as a peer sent them or the gateway kept them.
    ///
    /// A text that no name can be is left out; what no value can hold becomes a space (RFC 9110 §5.5).
    package init(texts: some Sequence<(name: String, value: String)>) {
        var fields: [HTTPField] = []
        fields.reserveCapacity(texts.underestimatedCount)
        for (name, value) in texts {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        self.init()
        add(fields)
    }

    /// Adds fields at the end, all at once: the collection's own `append` goes a long way round for each.
    package mutating func add(_ fields: [HTTPField]) { replaceSubrange(endIndex..<endIndex, with: fields) }

    /// The value of a field that mostly comes once: as the subscript, which puts a list together to join it.
    package func text(of name: HTTPField.Name) -> String? {
        guard contains(name) else { return nil }
        let values = self[values: name]
        return values.count > 1 ? self[name] : values.first
    }

    /// Takes the fields of `others` in place of its own with the same names; of several with one name the last stays.
    package mutating func replace(with others: HTTPFields) {
        for field in others { set(field) }
    }

    /// As the subscript, which takes longer where there is no field of that name yet.
    package mutating func set(_ field: HTTPField) { set([field]) }

    /// As `set` of each, where no two of them have one name.
    package mutating func set(_ fields: [HTTPField]) {
        var new: [HTTPField] = []
        for field in fields {
            if contains(field.name) { self[field.name] = field.value } else { new.append(field) }
        }
        add(new)
    }

    /// Adds those of `others` whose names it has not.
    package mutating func addMissing(_ others: HTTPFields) {
        if others.isEmpty { return }
        add(others.filter { !contains($0.name) })
    }
}
