using System.CommandLine;
using Scdn.Benchmarks;

var root = new RootCommand("Measures the control side: by itself in one process, or as a cluster of real processes.") { SessionStart.Create(), KeyChecks.Create(), FailOver.Create(), KillHost.Create(), KillHost.CreateCounter(), KillControl.Create(), PartRequests.Create(), Revocations.Create(), GatewaysDown.Create(), KillRecords.Create(), Statistics.Create() };
return await root.Parse(args).InvokeAsync();
