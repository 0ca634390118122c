import OrketCore

extension BenchReport {
    /// `orket.bench/1`; stages that were not asked for are absent.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("schema", .string("orket.bench/1")), .init("policy", .string(policy)),
            .init(
                "machine",
                .object([
                    .init("processors", .integer(Int64(machine.processors))),
                    .init("processorModel", .string(machine.processorModel)), .init("kernel", .string(machine.kernel)),
                ])),
        ]
        for (name, series) in [("latency", latency), ("idle", idle), ("peers", peers)] where !series.isEmpty {
            members.append(.init(name, .array(Self.json(series))))
        }
        if !throughput.isEmpty { members.append(.init("throughput", .array(throughput.map(Self.json)))) }
        if let memory {
            members.append(
                .init(
                    "memory",
                    .object([
                        .init("idleBytes", .count(memory.idleBytes)), .init("pooled", .integer(Int64(memory.pooled))),
                        .init("bytesPerPooled", .number(memory.bytesPerPooled)),
                        .init("slabBytesPerPooled", memory.slabBytesPerPooled.map { .number($0) } ?? .null),
                    ])))
        }
        if let growth {
            members.append(
                .init(
                    "growth",
                    .object([
                        .init("runs", .integer(Int64(growth.runs))), .init("before", Self.json(growth.before)),
                        .init("after", Self.json(growth.after)),
                    ])))
        }
        return .object(members)
    }

    private static func json(_ series: [Benchmark.Series]) -> [JSONValue] {
        let reference = Statistics(series[0].milliseconds)
        return series.map { one in
            let figures = Statistics(one.milliseconds)
            return .object([
                .init("name", .string(one.name)), .init("runs", .integer(Int64(figures.count))),
                .init("minMs", .milliseconds(figures.min)), .init("p50Ms", .milliseconds(figures.p50)),
                .init("p90Ms", .milliseconds(figures.p90)), .init("p99Ms", .milliseconds(figures.p99)),
                .init("maxMs", .milliseconds(figures.max)),
                .init("p50Ratio", .milliseconds(figures.p50 / reference.p50)),
                .init("p99Ratio", .milliseconds(figures.p99 / reference.p99)),
                .init("cpuMs", one.cpuMs.map { .milliseconds($0) } ?? .null),
            ])
        }
    }

    private static func json(_ one: Benchmark.Throughput) -> JSONValue {
        func median(_ values: [Double]) -> JSONValue { .milliseconds(Statistics(values).p50) }
        return .object([
            .init("parallel", .integer(Int64(one.parallel))), .init("bareRunsPerSecond", median(one.bareRunsPerSecond)),
            .init("runsPerSecond", median(one.runsPerSecond)), .init("bareCPUMsPerRun", median(one.bareCPUMsPerRun)),
            .init("cpuMsPerRun", median(one.cpuMsPerRun)),
            .init("supervisorCPUMsPerRun", median(one.supervisorCPUMsPerRun)),
        ])
    }

    private static func json(_ count: ResourceCount) -> JSONValue {
        .object([
            .init("residentBytes", .count(count.residentBytes)),
            .init("descriptors", .integer(Int64(count.descriptors))),
            .init("leafDescriptors", .integer(Int64(count.leafDescriptors))),
            .init("jailDescriptors", .integer(Int64(count.jailDescriptors))),
            .init("keptNamespaces", .integer(Int64(count.keptNamespaces))),
            .init("namespaces", .integer(Int64(count.namespaces))),
            .init("processes", .integer(Int64(count.processes))),
            .init("zombies", .integer(Int64(count.zombies))),
            .init("cgroupEntries", .integer(Int64(count.cgroups))),
            .init("mounts", .integer(Int64(count.mounts))),
        ])
    }
}
