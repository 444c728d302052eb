@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import ToolSupport

/// One case: an expression, its input, and what must come out.
struct Case {
    private let members: Value
    private let source: [UInt8]

    init(_ members: Value, folder: String) throws {
        self.members = members
        if let file = Self.member(members, "expr-file") {
            source = try Files.read("\(folder)/\(file.text)")
        } else {
            source = Self.member(members, "expr").map { Array($0.bytes) } ?? []
        }
    }

    private static func member(_ object: Value, _ name: String) -> Value? {
        object.members.first { $0.key.text == name }?.value
    }

    private func member(_ name: String) -> Value? { Self.member(members, name) }

    /// Why the case fails; nil when it passes.
    func failure(_ datasets: [String: [UInt8]]) throws -> String? {
        var limits = EvaluationLimits.standard
        var guarded = false
        if let milliseconds = member("timelimit"), let depth = member("depth") {
            limits.milliseconds = Int(milliseconds.double)
            limits.depth = Int(depth.double)
            guarded = true
        }
        let expression: Expression
        do throws(JSONataError) {
            expression = try source.withUnsafeBufferPointer { bytes throws(JSONataError) in
                try Expression(wtf8: bytes)
            }
        } catch {
            return mismatch(error)
        }
        let workspace = Workspace(limits: limits)
        var input: Workspace.Document?
        if let data = member("data") {
            input = workspace.document(data)
        } else if let name = member("dataset"), name.isString {
            guard let bytes = datasets[name.text] else { return "no dataset \(name.text)" }
            input = try workspace.parse(bytes)
        }
        var bindings: [(String, Workspace.Document)] = []
        if let values = member("bindings"), values.isObject {
            for binding in values.members { bindings.append((binding.key.text, workspace.document(binding.value))) }
        }
        do throws(JSONataError) {
            let result = try workspace.evaluate(expression, input, bindings: bindings)
            return try mismatch(result, workspace)
        } catch {
            var error = error
            // The suite's runner puts its own guards around an evaluation and names them by one code.
            if guarded, error.code == "D1011" || error.code == "D1012" { error.code = "U1001" }
            return mismatch(error)
        }
    }

    private func mismatch(_ result: Workspace.Document, _ workspace: Workspace) throws(JSONataError) -> String? {
        if let flag = member("undefinedResult"), flag.tag == .true {
            return result.isUndefined ? nil : "gave \(try text(result, workspace)), not undefined"
        }
        if let expected = member("result") {
            if Self.equal(result.value, expected) { return nil }
            return "gave \(try text(result, workspace)), not \(try text(workspace.document(expected), workspace))"
        }
        return "gave \(try text(result, workspace)), not the error \(member("code")?.text ?? "expected")"
    }

    private func text(_ document: Workspace.Document, _ workspace: Workspace) throws(JSONataError) -> String {
        if document.isUndefined { return "undefined" }
        var bytes: [UInt8] = []
        try workspace.write(document, into: &bytes)
        return String(decoding: bytes.prefix(300), as: UTF8.self)
    }

    private func mismatch(_ error: JSONataError) -> String? {
        if let expected = member("error"), expected.isObject {
            for field in expected.members {
                let matches =
                    switch field.key.text {
                    case "code": field.value.text == error.code
                    case "message": field.value.text == error.message
                    case "token", "functionName": field.value.text == error.token
                    case "position": field.value.double == error.position.map(Double.init)
                    case "index": field.value.double == error.index.map(Double.init)
                    case "value": (try? field.value.jsonValue()) == error.value
                    default: false
                    }
                if !matches { return "raised \(error), with \(field.key.text) not as expected" }
            }
            return nil
        }
        guard let code = member("code")?.text else { return "raised \(error)" }
        if code != error.code { return "raised \(error), not \(code)" }
        if let token = member("token"), token.text != error.token {
            return "raised \(code) for the token \(error.token ?? "none"), not \(token.text)"
        }
        return nil
    }

    /// Arrays by index, objects in any order, numbers exactly and with the sign of zero.
    private static func equal(_ a: Value, _ b: Value) -> Bool {
        guard a.tag == b.tag else { return false }
        switch a.tag {
        case .number: return a.double == b.double && a.double.sign == b.double.sign
        case .string: return a.sameString(b)
        case .array:
            return a.count == b.count && (0..<a.count).allSatisfy { equal(a.element($0), b.element($0)) }
        case .object:
            let present = a.members.filter { !$0.value.isUndefined }
            return present.count == b.count && present.allSatisfy { equal($0.value, b.member($0.key)) }
        default: return true
        }
    }
}
