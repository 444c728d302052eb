import Catalog
import Sandbox

extension Catalog {
    /// What is wrong with the sandboxes.
    func sandboxFaults() -> [DefinitionFault] {
        sandboxNames.flatMap { vendor -> [DefinitionFault] in
            do throws(CatalogError) {
                let file = try sandbox(vendor)
                let definition = SandboxDefinition(vendor: vendor, document: file.document)
                return definition.lint().map { file.fault($0.path, $0.message) }
            } catch {
                return error.faults
            }
        }
    }

    func sandboxDefinition(_ vendor: String) throws(CommandError) -> SandboxDefinition {
        do {
            return SandboxDefinition(vendor: vendor, document: try sandbox(vendor).document)
        } catch {
            throw CommandError("\(error)".capitalizedFirst, do: "Give one of \(sandboxNames.joined(separator: ", "))")
        }
    }
}
