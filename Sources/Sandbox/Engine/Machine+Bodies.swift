import JSON

/// What has come in a body.
extension Machine {
    /// Reads the value of a body that is there.
    ///
    /// - Throws: `invalid` for one that is not what its type says.
    func readBody(_ call: Call) throws {
        guard !call.hasBody else { return }
        call.hasBody = true
        let exchange = call.exchange
        // A body that broke off is never acted upon.
        guard exchange.isComplete else { throw Ending.invalid("body", nil, "The request ended before its body did") }
        if exchange.isForm {
            let (parts, fault, isWhole) = exchange.form
            if let fault { throw Ending.invalid("body", nil, "The form cannot be read: \(fault)") }
            guard isWhole else { throw Ending.invalid("body", nil, "The form has no end") }
            call.parts = parts
            let fields = parts.filter { !$0.isFile }.map { (name: $0.name, value: $0.text) }
            call.body = FormEncoding(pairs: fields).json
            return
        }
        switch exchange.bodyKind {
        case .json:
            guard !exchange.text.isEmpty else { return }
            do { call.body = try JSONValue.parse(exchange.text) } catch {
                throw Ending.invalid("body", nil, "The body is not JSON: \(error)")
            }
        case .xml:
            guard !exchange.text.isEmpty else { return }
            do { call.body = try XMLParser.parse(exchange.text) } catch {
                throw Ending.invalid("body", nil, "The body is not XML: \(error.reason)")
            }
        case .urlencoded: call.body = FormEncoding(String(decoding: exchange.text, as: UTF8.self)).json
        case .form, .raw: break
        }
    }
}
