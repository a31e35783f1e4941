namespace RlhfV.Extensions.AI;

/// <summary>When a client is warmed up.</summary>
public enum WarmUpMode
{
    /// <summary>Before the host starts its services: it accepts no traffic before, and does not start when warming up fails.</summary>
    BeforeStart,

    /// <summary>While the host runs: it accepts traffic at once, health checks say degraded until the model answers, and a failure is logged.</summary>
    InBackground,
}
