using System.CommandLine;
using Scdn.Benchmarks;

var root = new RootCommand("Measures the control side by itself, in one process with what it is measured against.") { SessionStart.Create(), KeyChecks.Create(), FailOver.Create(), KillHost.Create(), KillHost.CreateCounter() };
return await root.Parse(args).InvokeAsync();
