using Scdn.Player;

return await new PlayerProgram(Console.Out, Console.Error).RunAsync(args, CancellationToken.None);
