import JSON
import JSONata

/// Checks definitions as far as that goes without calling anything: `attache catalog lint`.
package struct CatalogLint: Sendable {
    /// In the order of files and lines; empty: all is well.
    package var faults: [DefinitionFault]
    /// Worth knowing; they break nothing.
    package var warnings: [DefinitionFault]
    package var checkedFiles: Int

    /// Checks every file: its shape, every expression, and that names in it lead somewhere.
    package static func run(_ catalog: Catalog) -> CatalogLint {
        var linter = Linter(catalog: catalog)
        let paths = catalog.files.paths.filter { $0.hasSuffix(".yaml") || CatalogFiles.isExample($0) }
        for path in paths { linter.check(path) }
        // A file that others name is read on their behalf too: its faults count once.
        let found = Set(linter.faults).sorted { ($0.file, $0.line ?? 0, $0.path) < ($1.file, $1.line ?? 0, $1.path) }
        return CatalogLint(
            faults: found.filter { !$0.isWarning }, warnings: found.filter(\.isWarning), checkedFiles: paths.count
        )
    }
}

private struct Linter {
    let catalog: Catalog
    var faults: [DefinitionFault] = []

    mutating func check(_ path: String) {
        if path.hasSuffix(".json") { return checkExample(path) }
        // Their language is checked by those who run them.
        if CatalogFiles.isSandbox(path) { return }
        let file = catalog.files.displayName(path)
        guard let shape = CatalogShapes.shape(ofFile: path) else {
            faults.append(
                DefinitionFault(
                    file: file, line: nil, path: "",
                    message: "is no definition: expected unified/MODEL.yaml or integrations/VENDOR/{integration,MODEL}.yaml"
                )
            )
            return
        }
        do throws(CatalogError) {
            let definition = try Definition(file: file, text: catalog.files[path] ?? "")
            let found = shape.check(definition)
            faults += found
            ExpressionLint(definition: definition).check(shape) { faults.append($0) }
            if found.isEmpty { try checkLinks(path, definition) }
        } catch {
            add(error, file: file)
        }
    }

    private mutating func checkExample(_ path: String) {
        let file = catalog.files.displayName(path)
        do throws(CatalogError) {
            let example = try ContractExample(file: file, text: catalog.files[path] ?? "")
            let vendor = String(path.split(separator: "/")[1])
            for difference in try ExampleRun.differences(of: example, catalog, vendor) {
                faults.append(DefinitionFault(file: file, line: nil, path: "", message: difference))
            }
        } catch {
            add(error, file: file)
        }
    }

    /// Names that lead to other files and calls.
    private mutating func checkLinks(_ path: String, _ definition: Definition) throws(CatalogError) {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count == 3 else {
            checkReferences(try UnifiedModel(name: String(parts[1].dropLast(5)), decoding: definition), definition)
            return
        }
        let vendor = parts[1]
        guard parts[2] != "integration.yaml" else {
            let integration = try Integration(name: vendor, decoding: definition)
            MethodLint(integration: integration, definition: definition).check { faults.append($0) }
            EvidenceLint(integration: integration, definition: definition).check { faults.append($0) }
            HostLint(definition: definition).check { faults.append($0) }
            RateLimitLint(integration: integration, definition: definition).check { faults.append($0) }
            ActionLint(integration: integration, definition: definition).check { faults.append($0) }
            return
        }
        let modelName = String(parts[2].dropLast(5))
        let model = try catalog.model(modelName)
        let integration = try catalog.integration(vendor)
        for (resource, methods) in definition.value["resources"]?.object ?? [:] {
            guard let unified = model.resources[resource] else {
                let hint = DidYouMean.hint(resource, among: model.resourceNames)
                faults.append(definition.fault(["resources", resource], "\(modelName) has no such resource" + hint))
                continue
            }
            for (method, value) in methods.object ?? [:] {
                let place = ["resources", resource, method]
                guard unified.methods[method] != nil else {
                    let hint = DidYouMean.hint(method, among: unified.methodNames)
                    faults.append(definition.fault(place, "\(modelName).\(resource) has no such method" + hint))
                    continue
                }
                let reader = DefinitionReader(definition, value, place)
                let mapping = try Mapping(resource: resource, method: method, decoding: reader)
                checkTargets(mapping, integration, definition, place)
                checkSteps(mapping, integration, definition, place)
                EvidenceLint.check(mapping.evidence, definition, place) { faults.append($0) }
                checkSaga(mapping, unified.methods[method]?.saga, model, definition, place)
                if let refined = unified.methods[method]?.refined(by: mapping, reader) {
                    RequirementLint(method: refined, schema: unified.schema).check(mapping, definition, place) { faults.append($0) }
                }
            }
        }
    }

    /// Fields that refer to a resource.
    private mutating func checkReferences(_ model: UnifiedModel, _ definition: Definition) {
        for resource in model.resourceNames.compactMap({ model.resources[$0] }) {
            for (field, target) in resource.references {
                let place = ["resources", resource.name, "references", field]
                let fields = resource.schema.properties.map(\.name)
                if !fields.contains(field) {
                    faults.append(definition.fault(place, "the schema has no such field" + DidYouMean.hint(field, among: fields)))
                }
                guard model.resources[target] == nil else { continue }
                let hint = DidYouMean.hint(target, among: model.resourceNames)
                faults.append(definition.fault(place, "there is no resource \(target)" + hint))
            }
        }
    }

    /// The steps of a saga, and the calls that they make.
    private mutating func checkSaga(
        _ mapping: Mapping, _ steps: SagaModel?, _ model: UnifiedModel, _ definition: Definition, _ place: [String]
    ) {
        guard let outline = mapping.saga else { return }
        let place = place + ["saga"]
        guard let steps else {
            faults.append(definition.fault(place, "the model has no saga for this method"))
            return
        }
        do throws(CatalogError) {
            let saga = try Saga(outline, steps, place: place.dropLast().joined(separator: "."))
            let offered = definition.value["resources"]
            for step in saga.steps {
                guard let resource = step.resource, let method = step.method else { continue }
                if offered?[path: [resource, method]] == nil {
                    faults.append(definition.fault(place, "step '\(step.name)' calls \(resource).\(method), which is not offered"))
                }
            }
            for fault in SagaFileLint(saga, model).faults(mapping) { faults.append(definition.fault(place, fault)) }
        } catch {
            faults.append(definition.fault(place, error.message))
        }
    }

    private mutating func checkSteps(
        _ mapping: Mapping, _ integration: Integration, _ definition: Definition, _ place: [String]
    ) {
        let own = [(mapping.before, place + ["before"]), (mapping.after, place + ["after"])]
        let ofSources = mapping.sources.enumerated().map { ($1.before, place + ["sources", String($0), "before"]) }
        for (steps, place) in own + ofSources {
            for (at, step) in steps.enumerated() where step.namesNoCall(of: integration) {
                faults.append(definition.fault(place + [String(at), "config"], "\(integration.name) has no such call"))
            }
        }
    }

    private mutating func checkTargets(
        _ mapping: Mapping, _ integration: Integration, _ definition: Definition, _ place: [String]
    ) {
        guard mapping.staticResponse == nil else { return }
        let own = [(mapping.target, place + ["resource"])]
        let sources = mapping.sources.enumerated().map { ($1.target, place + ["sources", String($0), "resource"]) }
        for (target, path) in mapping.sources.isEmpty ? own : sources {
            for resource in target.resource.possible {
                guard let methods = integration.resources[resource]?.methods else {
                    let hint = DidYouMean.hint(resource, among: Array(integration.resources.keys))
                    faults.append(definition.fault(path, "\(integration.name) has no resource '\(resource)'" + hint))
                    continue
                }
                for method in target.method.possible where methods[method] == nil {
                    let hint = DidYouMean.hint(method, among: Array(methods.keys))
                    faults.append(
                        definition.fault(path, "\(integration.name).\(resource) has no method '\(method)'" + hint)
                    )
                }
            }
        }
    }

    private mutating func add(_ error: CatalogError, file: String) {
        let found =
            error.faults.isEmpty
            ? [DefinitionFault(file: file, line: nil, path: "", message: error.message)] : error.faults
        faults += found
    }
}
