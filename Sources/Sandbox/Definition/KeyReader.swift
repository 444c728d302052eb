import JSON

/// What one reading of a sandbox's file collects.
final class SandboxReading {
    let scripts: ScriptContext
    private(set) var faults: [SandboxFault] = []
    /// Every expression with its place, for lint.
    private(set) var expressions: [(script: Script, path: [String], names: Set<String>)] = []

    init(_ scripts: ScriptContext) { self.scripts = scripts }

    func report(_ path: [String], _ message: String) { faults.append(SandboxFault(path: path, message: message)) }

    /// - Parameter names: variables beyond those of every expression.
    func script(_ source: String, _ path: [String], names: Set<String>) -> Script {
        let script = Script(source, place: path.joined(separator: "."), context: scripts)
        expressions.append((script, path, names))
        return script
    }
}

/// Reads the members of one object of a sandbox's file, and knows which it was not asked for.
struct KeyReader {
    private final class Asked { var keys: Set<String> = [] }

    let value: JSONValue
    let path: [String]
    let reading: SandboxReading
    /// Variables that expressions here may read beyond the usual.
    var names: Set<String> = []
    private let asked = Asked()

    init(_ value: JSONValue, _ path: [String], _ reading: SandboxReading, names: Set<String> = []) {
        self.value = value
        self.path = path
        self.reading = reading
        self.names = names
        if value.object == nil { reading.report(path, "expected an object") }
    }

    /// A member that is there and not null.
    func member(_ key: String) -> JSONValue? {
        asked.keys.insert(key)
        guard let value = value[key], !value.isNull else { return nil }
        return value
    }

    func has(_ key: String) -> Bool { member(key) != nil }

    func fail(_ key: String, _ message: String) { reading.report(path + [key], message) }

    func text(_ key: String, required: Bool = false) -> String? {
        guard let value = member(key) else {
            if required { reading.report(path, "'\(key)' is missing") }
            return nil
        }
        if value.string == nil { fail(key, "expected a text") }
        return value.string
    }

    func int(_ key: String) -> Int? {
        guard let value = member(key) else { return nil }
        if value.int == nil { fail(key, "expected a whole number") }
        return value.int
    }

    func bool(_ key: String) -> Bool? {
        guard let value = member(key) else { return nil }
        if value.bool == nil { fail(key, "expected true or false") }
        return value.bool
    }

    /// A number of bytes: a whole number, or a text such as `20MB`.
    func size(_ key: String) -> Int? {
        guard let value = member(key) else { return nil }
        if let size = value.int ?? value.string.flatMap(Self.bytes) { return size }
        fail(key, "expected a size such as 20MB")
        return nil
    }

    private static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber }
        guard let number = Int(digits) else { return nil }
        switch text.dropFirst(digits.count).trimmingPrefix(" ").uppercased() {
        case "", "B": return number
        case "KB": return number * 1000
        case "MB": return number * 1_000_000
        case "GB": return number * 1_000_000_000
        case "KIB": return number << 10
        case "MIB": return number << 20
        case "GIB": return number << 30
        default: return nil
        }
    }

    func word(_ key: String, _ words: [String]) -> String? {
        guard let text = text(key) else { return nil }
        if words.contains(text) { return text }
        fail(key, "'\(text)' is none of \(words.joined(separator: ", "))")
        return nil
    }

    /// One text, or a list of them.
    func texts(_ key: String) -> [String]? {
        guard let value = member(key) else { return nil }
        let texts = value.array.map { $0.compactMap(\.string) } ?? value.string.map { [$0] }
        if texts == nil || texts?.count ?? 0 < value.array?.count ?? 0 { fail(key, "expected a list of texts") }
        return texts
    }

    func script(_ key: String, names more: Set<String> = []) -> Script? {
        guard let value = member(key) else { return nil }
        guard let text = value.string else {
            // A number or a flag is an expression too.
            if value.object == nil, value.array == nil { return reading.script(value.text(), path + [key], names: names) }
            fail(key, "expected an expression")
            return nil
        }
        return reading.script(text, path + [key], names: names.union(more))
    }

    func template(_ key: String, names more: Set<String> = []) -> TextTemplate? {
        guard let value = member(key) else { return nil }
        guard value.object == nil, value.array == nil else {
            fail(key, "expected a text")
            return nil
        }
        return TextTemplate(value.string ?? value.text(), path + [key], reading, names: names.union(more))
    }

    /// An object of names → expressions, in order.
    func scripts(_ key: String, names more: Set<String> = []) -> [(name: String, script: Script)] {
        entries(key).compactMap { name, inner in
            guard let text = inner.string else {
                reading.report(path + [key, name], "expected an expression")
                return nil
            }
            return (name, reading.script(text, path + [key, name], names: names.union(more)))
        }
    }

    func templates(_ key: String, names more: Set<String> = []) -> [(name: String, template: TextTemplate)] {
        entries(key).map { name, inner in
            let text = inner.string ?? inner.text()
            return (name, TextTemplate(text, path + [key, name], reading, names: names.union(more)))
        }
    }

    /// The members of an object.
    func entries(_ key: String) -> [(key: String, value: JSONValue)] {
        guard let value = member(key) else { return [] }
        guard let object = value.object else {
            fail(key, "expected an object")
            return []
        }
        return object.elements
    }

    func items(_ key: String) -> [JSONValue] {
        guard let value = member(key) else { return [] }
        guard let items = value.array else {
            fail(key, "expected a list")
            return []
        }
        return items
    }

    func inner(_ key: String, names more: Set<String> = []) -> KeyReader? {
        member(key).map { KeyReader($0, path + [key], reading, names: names.union(more)) }
    }

    /// Reports the members that nothing asked for.
    func finish() {
        for (key, _) in value.object ?? [:] where !asked.keys.contains(key) {
            reading.report(path + [key], "unknown key")
        }
    }
}
