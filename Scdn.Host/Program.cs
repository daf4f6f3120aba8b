using Scdn.Host.Hosting;

return await new HostCommand(Console.Out, Console.Error, TimeProvider.System).RunAsync(args);
