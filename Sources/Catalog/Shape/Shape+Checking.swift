import JSON

extension Shape {
    /// Everything in a definition that breaks the shape, in the order of the document.
    func check(_ definition: Definition) -> [DefinitionFault] {
        var checker = ShapeChecker(definition: definition)
        checker.check(definition.value, self, [])
        return checker.faults
    }

    /// - Throws: `invalidDefinition` with everything that breaks the shape.
    func require(_ definition: Definition) throws(CatalogError) {
        let faults = check(definition)
        guard faults.isEmpty else {
            throw CatalogError(.invalidDefinition, "\(definition.file) is not valid", faults: faults)
        }
    }
}

private struct ShapeChecker {
    let definition: Definition
    var faults: [DefinitionFault] = []

    mutating func report(_ path: [String], _ message: String) { faults.append(definition.fault(path, message)) }

    mutating func check(_ value: JSONValue, _ shape: Shape, _ path: [String]) {
        switch shape {
        case .any: break
        case .nullable(let inner): if !value.isNull { check(value, inner, path) }
        case .text: expect(value.string != nil, "a text", value, path)
        case .expression:
            expect(value.string?.isEmpty == false, "a JSONata expression", value, path)
        case .bool: expect(value.bool != nil, "true or false", value, path)
        case .number: expect(value.double != nil, "a number", value, path)
        case .integer(let range):
            guard let number = value.int, range.contains(number) else {
                let bounds =
                    range.upperBound == .max
                    ? "of at least \(range.lowerBound)"
                    : "from \(range.lowerBound) to \(range.upperBound)"
                return report(path, "expected a whole number \(bounds), found \(shown(value))")
            }
        case .byteSize:
            let isSize = value.int.map { $0 > 0 } ?? value.string.map { ByteSize.parse($0) != nil } ?? false
            expect(isSize, "a size such as 30MB", value, path)
        case .template:
            guard let text = value.string else { return expect(false, "a text", value, path) }
            check(template: text, path)
        case .templateTree: checkTree(value, path)
        case .word(let words):
            guard let text = value.string else { return expect(false, "one of \(list(words))", value, path) }
            if !words.contains(text) {
                report(path, "'\(text)' is none of \(list(words))" + DidYouMean.hint(text, among: words))
            }
        case .list(let element):
            guard let items = value.array else { return expect(false, "a list", value, path) }
            for (at, item) in items.enumerated() { check(item, element, path + [String(at)]) }
        case .map(let element, let nullable):
            guard let object = value.object else { return expect(false, "an object", value, path) }
            for (key, item) in object where !(nullable && item.isNull) { check(item, element, path + [key]) }
        case .object(let fields): checkObject(value, fields, path)
        case .either(let shapes): checkEither(value, shapes, path)
        case .oneOrNamed(let inner, let key): check(value, inner.chosen(for: value, key: key), path)
        case .oneOrList(let inner): check(value, value.array == nil ? inner : .list(inner), path)
        case .duration: expect(Lifetime.seconds(value) != nil, "a length of time such as 1h", value, path)
        }
    }

    private mutating func checkObject(_ value: JSONValue, _ fields: [Shape.Field], _ path: [String]) {
        guard let object = value.object else { return expect(false, "an object", value, path) }
        let names = fields.flatMap(\.names)
        for (key, item) in object {
            if let field = fields.first(where: { $0.names.contains(key) }) {
                check(item, field.shape, path + [key])
            } else {
                report(path + [key], "unknown key" + DidYouMean.hint(key, among: names))
            }
        }
        for field in fields where field.required && !field.names.contains(where: { object[$0] != nil }) {
            report(path, "'\(field.names[0])' is missing")
        }
    }

    private mutating func checkEither(_ value: JSONValue, _ shapes: [Shape], _ path: [String]) {
        for shape in shapes where fits(value, shape) { return check(value, shape, path) }
        report(path, "expected " + shapes.map(\.words).joined(separator: " or ") + ", found \(shown(value))")
    }

    private func fits(_ value: JSONValue, _ shape: Shape) -> Bool {
        switch shape {
        case .any, .templateTree: true
        case .text, .expression, .template: value.string != nil
        case .word(let words): value.string.map(words.contains) ?? false
        case .bool: value.bool != nil
        case .integer, .number: value.double != nil
        case .byteSize: value.double != nil || value.string != nil
        case .list: value.array != nil
        case .map, .object: value.object != nil
        case .nullable(let inner): value.isNull || fits(value, inner)
        case .oneOrNamed: value.object != nil
        case .oneOrList(let inner): value.array != nil || fits(value, inner)
        case .duration: value.double != nil || value.string != nil
        case .either(let shapes): shapes.contains { fits(value, $0) }
        }
    }

    private mutating func checkTree(_ value: JSONValue, _ path: [String]) {
        switch value {
        case .string(let text): check(template: text, path)
        case .array(let items): for (at, item) in items.enumerated() { checkTree(item, path + [String(at)]) }
        case .object(let object): for (key, item) in object { checkTree(item, path + [key]) }
        default: break
        }
    }

    private mutating func check(template text: String, _ path: [String]) {
        do { _ = try Template(text) } catch { report(path, error.description) }
    }

    private mutating func expect(_ condition: Bool, _ what: String, _ value: JSONValue, _ path: [String]) {
        if !condition { report(path, "expected \(what), found \(shown(value))") }
    }

    private func shown(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text.isEmpty ? "an empty text" : "'\(text.prefix(40))'"
        case .number(let number): number.text
        case .bool(let bool): String(bool)
        case .null: "nothing"
        default: value.kind
        }
    }

    private func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}

extension Shape {
    /// For `oneOrNamed`: itself, or a map of it.
    func chosen(for value: JSONValue, key: String) -> Shape {
        value[key] == nil ? .map(self, nullable: true) : self
    }

    /// What it accepts, in words.
    var words: String {
        switch self {
        case .any, .templateTree: "anything"
        case .text, .template: "a text"
        case .expression: "a JSONata expression"
        case .bool: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .byteSize: "a size"
        case .word(let words): words.joined(separator: ", ")
        case .list: "a list"
        case .map, .object: "an object"
        case .either(let shapes): shapes.map(\.words).joined(separator: " or ")
        case .nullable(let inner): inner.words + " or null"
        case .oneOrNamed: "an object"
        case .oneOrList(let inner): inner.words + " or a list"
        case .duration: "a length of time"
        }
    }
}
