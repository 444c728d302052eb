import HTTPTypes
import JSON

/// One contract example, played through the same machine that serves real calls.
struct ExampleRun {
    var example: ContractExample
    var differences: [String] = []

    /// What differs in any form of the call: a parameter that may stand in the query or the body is tried in both.
    static func differences(
        of example: ContractExample, _ catalog: Catalog, _ integration: String
    ) throws(CatalogError) -> [String] {
        let plan = try catalog.plan(
            model: example.model, resource: example.resource, method: example.method, integration: integration
        )
        var run = ExampleRun(example: example)
        try run.run(plan)
        guard run.differences.isEmpty else { return run.differences }
        for (form, scope) in example.scope.forms(plan.sharedParameters) {
            var run = ExampleRun(example: example)
            run.example.scope = scope
            // Of a parameter that is refused it depends on the form.
            run.example.error?["code"] = nil
            try run.run(plan)
            if !run.differences.isEmpty { return run.differences.map { "with \(form): \($0)" } }
        }
        return []
    }

    private mutating func run(_ plan: MethodPlan) throws(CatalogError) {
        if let fault = plan.fault(try plan.validate(example.scope), query: example.scope.query) {
            compare(fault)
            if !example.exchanges.isEmpty { differences.append("exchange 1: was not made") }
            return
        }
        var machine = CallMachine(plan, example.scope)
        var action = try machine.start()
        var sent = 0
        while case .send(let request, let call) = action {
            guard sent < example.exchanges.count else {
                differences.append("exchange \(sent + 1): unexpected \(request.method) \(request.visibleTarget)")
                return
            }
            compare(request, example.exchanges[sent].request, "exchange \(sent + 1)")
            action = try machine.received(example.exchanges[sent].response(to: call.method))
            sent += 1
        }
        if sent < example.exchanges.count {
            differences.append("exchange \(sent + 1): was not made")
        }
        if case .finished(let outcome) = action { compare(outcome, plan) }
    }

    private mutating func compare(_ request: OutgoingRequest, _ expected: JSONObject, _ place: String) {
        same(.string(request.method), expected["method"], "\(place): method")
        same(.string(request.url), expected["url"], "\(place): url")
        if let query = expected["query"] { same(Self.object(request.wholeQuery), query, "\(place): query") }
        if let headers = expected["headers"] { contains(Self.object(request.headers.pairs), headers, "\(place): headers") }
        if let authorization = expected["authorization"] {
            same(Self.object(request.authorization.pairs), authorization, "\(place): authorization")
        }
        if let body = expected["body"] { same(request.body.described, body, "\(place): body") }
    }

    private mutating func compare(_ outcome: CallOutcome, _ plan: MethodPlan) {
        switch outcome {
        case .failure(let failure):
            guard let expected = example.error else {
                return differences.append("result: error \(failure.status) \(failure.message)")
            }
            var found: JSONObject = [
                "status": .number(JSONNumber(failure.status)), "message": .string(failure.message),
            ]
            found["retry_after"] = failure.retryAfter.map { .number(JSONNumber($0)) }
            contains(.object(found), .object(expected), "error")
        case .refused(let refusal): compare(plan.fault(refusal, query: example.scope.query))
        case .fixed(let value): contains(value, example.result ?? .null, "result")
        case .page(let page):
            if example.error != nil { return differences.append("error: the call succeeded") }
            let records = page.records.map { JSONValue.object((try? $0.object()) ?? [:]) }
            let result = plan.unifiedMethod.response == .list ? .array(records) : records.first ?? .null
            if let expected = example.result { contains(result, expected, "result") }
            if let hasNext = example.hasNext, hasNext != (page.nextCursor != nil) {
                differences.append("next_cursor: expected \(hasNext ? "one" : "none")")
            }
        }
    }

    private mutating func compare(_ fault: CallFault) {
        guard let expected = example.error else { return differences.append("call: \(fault.message)") }
        var found: JSONObject = [
            "status": .number(JSONNumber(fault.code.status)), "code": .string(fault.code.rawValue),
            "message": .string(fault.message),
        ]
        found["param"] = fault.parameter.map(JSONValue.string)
        contains(.object(found), .object(expected), "error")
    }

    /// Objects may have more members than expected; everything else must be equal.
    private mutating func contains(_ found: JSONValue, _ expected: JSONValue, _ place: String) {
        switch (found, expected) {
        case (.object(let a), .object(let b)):
            for (key, value) in b {
                guard let member = a[key] else {
                    differences.append("\(place).\(key): expected \(value.text()), found nothing")
                    continue
                }
                contains(member, value, "\(place).\(key)")
            }
        case (.array(let a), .array(let b)) where a.count == b.count:
            for at in a.indices { contains(a[at], b[at], "\(place)[\(at)]") }
        default: same(found, expected, place)
        }
    }

    private mutating func same(_ found: JSONValue, _ expected: JSONValue?, _ place: String) {
        guard let expected, found != expected else { return }
        differences.append("\(place): expected \(expected.text()), found \(found.text())")
    }

    private static func object(_ pairs: [(name: String, value: String)]) -> JSONValue {
        var object = JSONObject()
        for pair in pairs {
            switch object[pair.name] {
            case nil: object[pair.name] = .string(pair.value)
            case .array(let items)?: object[pair.name] = .array(items + [.string(pair.value)])
            case let value?: object[pair.name] = .array([value, .string(pair.value)])
            }
        }
        return .object(object)
    }
}

extension HTTPFields {
    fileprivate var pairs: [(name: String, value: String)] { map { ($0.name.rawName, $0.value) } }
}

extension CallInput {
    /// The call with its shared parameters in the query alone, and in the body alone where it has one.
    fileprivate func forms(_ parameters: [SharedParameter]) -> [(name: String, scope: CallInput)] {
        let found = sharing(parameters).params
        guard !found.isEmpty else { return [] }
        var inQuery = self
        var inBody = self
        for (name, _) in found {
            inQuery.query = SharedParameter.removed(name, from: inQuery.query)
            inBody.query = inQuery.query
            inQuery.body = inQuery.body?.object.map { .object(SharedParameter.removed(name, from: $0)) } ?? inQuery.body
            inBody.body = inQuery.body
        }
        for (name, value) in found {
            inQuery.query[name] = value
            inBody.body =
                inBody.body?.object.map { object in
                    var object = object
                    object[name] = value
                    return .object(object)
                } ?? inBody.body
        }
        let names = found.elements.map(\.key).joined(separator: ", ")
        var forms = [(names + " in the query", inQuery)]
        if inBody.body?.object != nil { forms.append((names + " in the body", inBody)) }
        return forms
    }
}

extension OutgoingBody {
    /// As contract examples write it: `null`, `{"json": …}`, `{"form": {…}}`, `{"multipart": [{name, text | file | blob}]}`,
    /// `{"raw": …}`, `{"xml": "…"}`. A file is its token; inside XML it is `[file TOKEN]`.
    var described: JSONValue {
        switch self {
        case .none: .null
        case .json(let value): ["json": value]
        case .form(let pairs):
            [
                "form": .object(
                    JSONObject(
                        pairs.map { pair in
                            switch pair.content {
                            case .text(let text): (pair.name, .string(text))
                            case .file(let file): (pair.name, file.json)
                            case .blob(let blob): (pair.name, .string(blob.base64))
                            }
                        }))
            ]
        case .raw(let value, _): ["raw": value]
        case .xml(let pieces):
            [
                "xml": .string(
                    pieces.map { piece in
                        switch piece {
                        case .text(let text): text
                        case .file(let file): "[file \(file.token)]"
                        }
                    }.joined()
                )
            ]
        case .multipart(let parts):
            [
                "multipart": .array(
                    parts.map { part in
                        switch part.content {
                        case .text(let text): ["name": .string(part.name), "text": .string(text)]
                        case .file(let file): ["name": .string(part.name), "file": .string(file.token)]
                        case .blob(let blob): ["name": .string(part.name), "blob": .string(blob.base64)]
                        }
                    }
                )
            ]
        }
    }
}
