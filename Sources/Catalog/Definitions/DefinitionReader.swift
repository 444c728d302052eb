import JSON

/// Reads members of a definition whose shape was checked before: a wrong kind is read as absent.
struct DefinitionReader {
    let definition: Definition
    let value: JSONValue
    let path: [String]

    init(_ definition: Definition) {
        self.init(definition, definition.value, [])
    }

    init(_ definition: Definition, _ value: JSONValue, _ path: [String]) {
        self.definition = definition
        self.value = value
        self.path = path
    }

    /// Notes which members are read; set by the test that finds members that nothing reads.
    @TaskLocal static var log: ReadLog?

    /// The member under the first spelling that is present, read whole.
    func raw(_ names: String...) -> JSONValue? {
        guard let (name, value) = found(names) else { return nil }
        Self.log?.note(path + [name], isWhole: true)
        return value
    }

    /// Whether there is such a member, null included.
    func has(_ name: String) -> Bool { value[name] != nil }

    /// This object, read whole.
    var whole: JSONObject {
        Self.log?.note(path, isWhole: true)
        return value.object ?? [:]
    }

    func text(_ names: String...) -> String? { found(names)?.value.string }
    func bool(_ names: String...) -> Bool? { found(names)?.value.bool }
    func int(_ names: String...) -> Int? { found(names)?.value.int }

    func byteSize(_ name: String) -> Int? { raw(name).flatMap { $0.int ?? $0.string.flatMap(ByteSize.parse) } }

    func texts(_ names: String...) -> [String] { found(names)?.value.array?.compactMap(\.string) ?? [] }
    func ints(_ name: String) -> Set<Int>? { raw(name)?.array.map { Set($0.compactMap(\.int)) } }

    func expression(_ names: String...) -> MappingExpression? {
        guard let (name, value) = found(names), let source = value.string else { return nil }
        let expression = MappingExpression(
            source, place: definition.place(path + [name]), origin: definition.origin(path + [name])
        )
        if expression.origin.isOverride { definition.overriddenExpressions?.add(expression) }
        return expression
    }

    func template(_ names: String...) throws(CatalogError) -> Template? {
        guard let (name, value) = found(names), let text = value.string else { return nil }
        do { return try Template(text, origin: definition.origin(path + [name])) } catch { throw fault([name], error.description) }
    }

    func tree(_ names: String...) throws(CatalogError) -> JSONTemplate? {
        guard let (name, value) = found(names), !value.isNull else { return nil }
        Self.log?.note(path + [name], isWhole: true)
        do {
            return try JSONTemplate(value, at: path + [name], origin: definition.origin)
        } catch {
            throw fault([name], error.description)
        }
    }

    func headers(_ name: String = "headers") throws(CatalogError) -> [HeaderTemplate] {
        var headers: [HeaderTemplate] = []
        for (key, _) in raw(name)?.object ?? [:] {
            headers.append(HeaderTemplate(name: key, value: try child(name)?.template(key)))
        }
        return headers
    }

    func word<Word: RawRepresentable>(_ name: String, _ type: Word.Type = Word.self) -> Word? where Word.RawValue == String {
        text(name).flatMap(Word.init(rawValue:))
    }

    /// A reader of an object member.
    func child(_ names: String...) -> DefinitionReader? {
        guard let (name, value) = found(names), value.object != nil else { return nil }
        return DefinitionReader(definition, value, path + [name])
    }

    /// Readers of the members of this object, in order.
    var children: [(name: String, reader: DefinitionReader)] {
        value.object?.elements.map { ($0.key, DefinitionReader(definition, $0.value, path + [$0.key])) } ?? []
    }

    /// Readers of the items of an array member.
    func items(_ name: String) -> [DefinitionReader] {
        found([name])?.value.array?.enumerated().map { at, item in
            DefinitionReader(definition, item, path + [name, String(at)])
        } ?? []
    }

    func fault(_ inner: [String], _ message: String) -> CatalogError {
        let fault = definition.fault(path + inner, message)
        return CatalogError(.invalidDefinition, "\(definition.file) is not valid", faults: [fault])
    }

    private func found(_ names: [String]) -> (name: String, value: JSONValue)? {
        for name in names {
            guard let value = value[name] else { continue }
            Self.log?.note(path + [name], isWhole: false)
            return (name, value)
        }
        return nil
    }
}
