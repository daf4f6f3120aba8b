using System.CommandLine;
using Scdn.Host.Hosting;

namespace Scdn.Host.Roles.Site;

/// <summary>The contents site's entry: where viewers sign in, choose and play.</summary>
internal sealed class SiteHostRole : IHostRole
{
    private readonly Option<string?> _billingUrl = new("--billing-url")
    {
        Description = "Asked before each play (POST, JSON); without it every signed-in viewer may play what their account allows.", HelpName = "URL",
    };

    public string Name => "site";

    public IReadOnlyList<Option> Options => [_billingUrl];

    public void AddServices(IServiceCollection services, RoleSetup setup)
    {
        services.AddSingleton(new SiteOptions(ReadBillingUrl(setup)));
        services.AddSingleton<Billing>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<Entitlement>();
        services.AddSingleton<Play>();
    }

    public void MapEndpoints(WebApplication app) => SiteEndpoints.Map(app);

    private Uri? ReadBillingUrl(RoleSetup setup)
    {
        if (setup.Get(_billingUrl) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)) return uri;
        setup.Fault($"{_billingUrl.Name} {text}: that is not an address such as http://127.0.0.1:7500/billing.");
        return null;
    }
}
