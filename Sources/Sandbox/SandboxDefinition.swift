public import JSON
import JSONata

/// The file of a sandbox, `sandbox.yaml`, as a document.
public struct SandboxDefinition: Sendable {
    /// The integration's name in a catalog.
    public var vendor: String
    public var document: JSONValue

    public init(vendor: String, document: JSONValue) {
        self.vendor = vendor
        self.document = document
    }

    /// The definition with members of another document over it: objects merge, all else is replaced.
    public func overridden(by other: JSONValue) -> SandboxDefinition {
        SandboxDefinition(vendor: vendor, document: Self.merged(document, other))
    }

    private static func merged(_ base: JSONValue, _ other: JSONValue) -> JSONValue {
        guard var object = base.object, let members = other.object else { return other }
        for (key, value) in members { object[key] = object[key].map { merged($0, value) } ?? value }
        return .object(object)
    }

    /// Everything in it that is wrong as far as it can be known without running it.
    public func lint() -> [SandboxFault] {
        let holder = MachineHolder()
        let (plan, reading) = read(holder)
        let faults = reading.faults + SandboxLint(plan: plan, reading: reading).faults
        return faults.isEmpty ? SeedLint.faults(plan, holder) : faults
    }

    /// The file read, and where its expressions look for the sandbox's state.
    ///
    /// - Throws: `definition`.
    func plan() throws(SandboxError) -> (VendorPlan, MachineHolder) {
        let holder = MachineHolder()
        let (plan, reading) = read(holder)
        guard reading.faults.isEmpty else { throw .definition(vendor, reading.faults) }
        return (plan, holder)
    }

    private func read(_ holder: MachineHolder) -> (VendorPlan, SandboxReading) {
        var functions: [String: String] = [:]
        for (name, value) in document["functions"]?.object ?? [:] { functions[name] = value.string }
        let reading = SandboxReading(ScriptContext(library: .sandbox(holder), functions: functions))
        return (VendorPlan(vendor, document, reading), reading)
    }
}
