using Scdn.Cli;
using Scdn.Cli.Output;

return await new ScdnProgram(Screen.OfProcess()).RunAsync(args);
