package import JSON

/// What a model says of a call that is carried out as several.
package struct SagaModel: Sendable {
    /// The step whose record is the result.
    package var result: String
    /// Members of the body that go to a step of their own, or with another.
    package var parts: [String]
    package var steps: [SagaStep]

    init(decoding reader: DefinitionReader) {
        result = reader.text("result") ?? ""
        parts = reader.texts("parts")
        steps = (reader.child("steps")?.children ?? []).map { SagaStep(name: $0.name, decoding: $0.reader) }
    }
}

extension SagaModel {
    /// JSON Schema of members of the body that are made by calls of their own, such as the candidate of an application: the
    /// body that those calls take.
    func memberShapes(in model: UnifiedModel) -> [String: JSONValue] {
        var shapes: [String: JSONValue] = [:]
        for step in steps {
            guard let resource = step.resource, let name = step.method,
                let method = model.resources[resource]?.methods[name]
            else { continue }
            for member in step.takes ?? [] {
                if let own = method.body.first(where: { $0.name == member }) {
                    shapes[member] = own.schema
                } else {
                    let shape = method.bodyShape
                    shapes[member] = step.items == nil ? shape : ["type": "array", "items": shape]
                }
            }
        }
        return shapes
    }
}

extension UnifiedMethod {
    /// JSON Schema of the body, but for the provider's own part of it.
    fileprivate var bodyShape: JSONValue {
        let members = body.filter { $0.name != "remote_data" }.map { (key: $0.name, value: $0.schema) }
        return ["type": "object", "additionalProperties": true, "properties": .object(JSONObject(members))]
    }
}

/// What a mapping says of it: which of the model's steps its vendor takes, in which order.
package struct SagaOutline: Sendable {
    var steps: [SagaStep] = []
    var duplicates: Saga.Duplicates

    init(decoding reader: DefinitionReader) {
        duplicates = reader.word("duplicates") ?? .unknown
        for (at, value) in (reader.value["steps"]?.array ?? []).enumerated() {
            let path = reader.path + ["steps", String(at)]
            let step = DefinitionReader(reader.definition, value, path)
            steps.append(SagaStep(name: value.string ?? step.text("name") ?? "", decoding: step))
        }
        // The names above are read where they stand.
        _ = reader.raw("steps")
    }
}

/// A call that is carried out as several, as one vendor takes it.
package struct Saga: Sendable {
    /// The member of the body whose items are files, and the step that sends those that go by calls of their own.
    package static let fileList = "attachments"

    /// What a vendor does by itself with a candidate whose e-mail address it knows.
    package enum Duplicates: String, Sendable, Hashable, CaseIterable {
        case create, reuse, fail, unknown
    }

    package let steps: [SagaStep]
    /// The place of the step whose record is the result. Up to it a step that fails ends the call.
    package let resultStep: Int
    /// Members of the body that are parts of the call.
    package let parts: [String]
    package let duplicates: Duplicates
    /// Steps of the model, taken or not: what they look for is known.
    let known: [SagaStep]

    /// - Throws: `invalidDefinition` where a step is not the model's.
    init(_ outline: SagaOutline, _ model: SagaModel, place: String) throws(CatalogError) {
        var steps: [SagaStep] = []
        for step in outline.steps {
            guard let base = model.steps.first(where: { $0.name == step.name }) else {
                let hint = DidYouMean.hint(step.name, among: model.steps.map(\.name))
                throw CatalogError(.invalidDefinition, "\(place).saga: there is no step '\(step.name)'" + hint)
            }
            steps.append(step.over(base))
        }
        guard let result = steps.firstIndex(where: { $0.name == model.result }) else {
            throw CatalogError(.invalidDefinition, "\(place).saga: the step '\(model.result)' is missing")
        }
        for (at, step) in steps.enumerated() {
            if let fault = Self.fileFault(step, isResult: at == result, filesFirst: steps[..<at].contains { $0.name == Self.fileList }) {
                throw CatalogError(.invalidDefinition, "\(place).saga: the step '\(step.name)' \(fault)")
            }
        }
        self.steps = steps
        resultStep = result
        parts = model.parts
        duplicates = outline.duplicates
        known = model.steps
    }

    /// What is wrong with the files that a step takes along.
    private static func fileFault(_ step: SagaStep, isResult: Bool, filesFirst: Bool) -> String? {
        guard step.files != nil else { return step.filesIf == nil ? nil : "has files_if and no files" }
        if !isResult || step.resource != nil || step.method != nil {
            return "cannot have files: they go along with the call that the saga belongs to"
        }
        return filesFirst ? "has files, which '\(fileList)' before it has sent already" : nil
    }

    /// The step by its name, with what it looks for.
    package func step(_ name: String) -> SagaStep? {
        steps.first { $0.name == name } ?? known.first { $0.name == name }
    }

    /// Whether the body brings a candidate, and not only the id of one.
    package static func hasWholeCandidate(_ body: JSONObject) -> Bool {
        var candidate = body["candidate"]?.object ?? [:]
        candidate["id"] = nil
        return SharedParameter.isGiven(.object(candidate))
    }

    /// Parts that the caller gives and no step takes.
    package func untaken(_ body: JSONObject) -> [String] {
        var taken = Set(steps.flatMap { $0.takes ?? [] })
        if steps[resultStep].files != nil { taken.insert(Self.fileList) }
        return parts.filter { !taken.contains($0) && SharedParameter.isGiven(body[$0]) }
    }

    /// Parts that the caller gives and the one call that the saga belongs to does not take.
    package func beyondOwnCall(_ body: JSONObject) -> [String] {
        let taken = Set(steps[resultStep].takes ?? [])
        return parts.filter { !taken.contains($0) && SharedParameter.isGiven(body[$0]) }
    }
}
