namespace Scdn.Host.Hosting.Trust;

/// <summary>What decides whom this host believes, and with what it proves itself.</summary>
internal static class TrustServices
{
    public static void Add(IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton<HostKey>();
        services.AddSingleton<ReplayCache>();
        services.AddSingleton<ProofReader>();
        if (!settings.IsControl) return;
        services.AddSingleton<MasterKey>();
        services.AddSingleton<ContentKeyVault>();
        services.AddSingleton<HostSigner>();
        services.AddHostedService(provider => provider.GetRequiredService<HostSigner>());
        services.AddSingleton<ClusterDirectory>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterDirectory>());
        services.AddHostedService<MasterKeyWatch>();
        services.AddHostedService<ControlHostRegistration>();
        services.AddSingleton<HostTrust>();
        services.AddSingleton<ViewerTrust>();
        services.AddSingleton<OperatorTrust>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<Audit>();
    }
}
