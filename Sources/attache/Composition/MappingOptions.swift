import ArgumentParser
import Catalog
import Unified

/// What overrides may do, and what the mappings of a call may cost: the same flags for `serve` and `dev`.
struct MappingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A host to which overrides may send calls with credentials, or *.HOST; may be repeated.", valueName: "HOST"))
    var baseUrlHost: [String] = []

    @Flag(help: "Let placeholders and expressions of overrides read stored credentials.")
    var overridesMayUseSecrets = false

    @Option(
        help: ArgumentHelp(
            "Processor time, memory and output of a call's mappings, such as 2s/64MB/8MB; may be repeated for single environments.",
            valueName: "[ENVIRONMENT=]TIME/MEMORY/OUTPUT"))
    var mappingBudget: [String] = []

    /// - Parameter hosts: those that are allowed whatever the settings say.
    func overrides(_ settings: Settings, hosts: [String] = []) throws(CommandError) -> OverrideRules {
        let listed = settings.list(.baseURLHosts, baseUrlHost)
        for host in listed where host.contains("/") || host.contains(":") || host.isEmpty {
            throw CommandError(
                "accounts.base_url_hosts: '\(host)' is no host", do: "Give a host such as api.example.com or *.example.com")
        }
        return OverrideRules(
            hosts: hosts + listed, maySeeSecrets: try settings.isOn(.overridesMayUseSecrets, overridesMayUseSecrets))
    }

    func limits(_ settings: Settings) throws(CommandError) -> UnifiedService.Limits {
        var limits = UnifiedService.Limits()
        for text in settings.list(.mappingBudget, mappingBudget) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            let budget = try Self.budget(parts.last ?? "", text)
            if parts.count == 2 { limits.mappingByEnvironment[parts[0]] = budget } else { limits.mapping = budget }
        }
        return limits
    }

    /// `2s/64MB/8MB`: seconds or milliseconds (`500ms`), bytes, bytes. The catalog's own mappings have four times the
    /// memory, and no limit of output.
    private static func budget(_ text: String, _ given: String) throws(CommandError) -> MappingLimits {
        let parts = text.split(separator: "/").map(String.init)
        guard parts.count == 3, let time = milliseconds(parts[0]), let memory = ByteCount.bytes(parts[1]),
            let output = ByteCount.bytes(parts[2]), time > 0, memory > 0, output > 0
        else {
            throw CommandError("mapping.budget is '\(given)'", do: "Give time, memory and output such as 2s/64MB/8MB")
        }
        var limits = MappingLimits()
        limits.processorMilliseconds = time
        limits.overrideMemory = memory
        limits.memory = memory > .max / 4 ? memory : 4 * memory
        limits.overrideOutput = output
        return limits
    }

    private static func milliseconds(_ text: String) -> Int? {
        if text.hasSuffix("ms") { return Int(text.dropLast(2)) }
        guard text.hasSuffix("s"), let seconds = Double(text.dropLast()), seconds < 1e6 else { return nil }
        return Int(seconds * 1000)
    }
}
