using static SceneWorld.ObjectKind;
using static SceneWorld.SceneAction;
using static SceneWorld.SceneColour;
using static SceneWorld.SceneRow;
using static SceneWorld.Setting;

namespace SceneWorld;

/// <summary>
/// What is usual in SceneWorld: which kinds go with which setting and with each other, how many, in which colour, doing what.
/// </summary>
public static class World
{
    private const double HomeWeight = 10;
    private const double ForeignWeight = 0.5;
    private const double PartnerFactor = 4;

    private static readonly KindFacts[] Table =
    [
        Thing(Cup, Kitchen, White, 2, Bottom, Plate, Kettle),
        Thing(Plate, Kitchen, Blue, 4, Bottom, Cup, Apple),
        Thing(Pot, Kitchen, Black, 1, Top, Kettle, Fridge),
        Thing(Kettle, Kitchen, Red, 1, Top, Cup, Pot),
        Thing(Apple, Kitchen, Red, 3, Bottom, Plate),
        Thing(Fridge, Kitchen, White, 1, Top, Pot),

        Thing(Car, Street, Red, 2, Bottom, Bus, Sign),
        Thing(Bus, Street, Yellow, 1, Bottom, Car, Person),
        Thing(Bicycle, Street, Blue, 1, Bottom, Person, Bench),
        Thing(Tree, Street, Green, 3, Top, Bench, Bird),
        Thing(Bench, Street, Orange, 1, Bottom, Tree, Person),
        Thing(Sign, Street, Yellow, 1, Top, Car),

        Thing(Sofa, LivingRoom, Blue, 1, Bottom, Television, Lamp),
        Thing(Lamp, LivingRoom, Yellow, 2, Top, Sofa, Book),
        Thing(Television, LivingRoom, Black, 1, Top, Sofa),
        Thing(Book, LivingRoom, Green, 4, Bottom, Lamp, Vase),
        Thing(Vase, LivingRoom, Purple, 1, Top, Book, Clock),
        Thing(Clock, LivingRoom, White, 1, Top, Vase),

        Thing(Bathtub, Bathroom, White, 1, Bottom, Towel, Bucket),
        Thing(Toilet, Bathroom, White, 1, Bottom, Mirror, Towel),
        Thing(Towel, Bathroom, Purple, 2, Top, Bathtub, Toilet),
        Thing(Mirror, Bathroom, Blue, 1, Top, Toothbrush, Toilet),
        Thing(Toothbrush, Bathroom, Green, 2, Top, Mirror),
        Thing(Bucket, Bathroom, Orange, 1, Bottom, Bathtub),

        Thing(Chair, null, Orange, 2, Bottom),
        Thing(Ball, null, Red, 1, Bottom, Dog),

        Alive(Person, Blue, 2, Top, [Standing, Sitting, Running, Jumping], Dog),
        Alive(Dog, Black, 1, Bottom, [Running, Sitting, Sleeping, Jumping], Person, Ball),
        Alive(Cat, Orange, 1, Bottom, [Sleeping, Sitting, Running, Jumping]),
        Alive(Bird, Yellow, 3, Top, [Flying, Sitting, Eating]),
    ];

    /// <summary>Every kind's facts, indexed by the kind's number.</summary>
    public static IReadOnlyList<KindFacts> Kinds => Table;

    /// <summary>Number of kinds.</summary>
    public static int KindCount => Table.Length;

    /// <summary>What is usual for a kind.</summary>
    /// <param name="kind">The kind.</param>
    public static KindFacts FactsOf(ObjectKind kind) => Table[(int)kind];

    /// <summary>
    /// How much each kind belongs into a scene of this setting that already holds the given kinds. The generator draws from it, so it is
    /// also what a describer who has seen many scenes comes to expect.
    /// </summary>
    /// <param name="setting">Where the scene plays.</param>
    /// <param name="present">Kinds already there; their weight is zero.</param>
    /// <returns>One weight per kind.</returns>
    public static double[] Expectation(Setting setting, IReadOnlyList<ObjectKind> present)
    {
        double[] weights = new double[Table.Length];
        foreach (KindFacts facts in Table)
        {
            weights[(int)facts.Kind] = BaseWeight(facts, setting);
        }

        foreach (ObjectKind kind in present)
        {
            foreach (ObjectKind partner in FactsOf(kind).Partners)
            {
                weights[(int)partner] *= PartnerFactor;
            }
        }

        foreach (ObjectKind kind in present)
        {
            weights[(int)kind] = 0;
        }

        return weights;
    }

    /// <summary>True when a kind is unusual in a setting.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="setting">The setting.</param>
    public static bool IsForeign(ObjectKind kind, Setting setting) => FactsOf(kind).Home is { } home && home != setting;

    private static double BaseWeight(KindFacts facts, Setting setting)
    {
        if (facts.Home is { } home)
        {
            return home == setting ? HomeWeight : ForeignWeight;
        }

        return (facts.Kind, setting) switch
        {
            (Person, Street) => 9,
            (Person, _) => 5,
            (Dog, Street or LivingRoom) => 6,
            (Cat, LivingRoom or Kitchen) => 6,
            (Bird, Street) => 6,
            (Bird, _) => 2,
            (Chair, Kitchen or LivingRoom) => 5,
            _ => 3,
        };
    }

    private static KindFacts Thing(
        ObjectKind kind, Setting? home, SceneColour colour, int count, SceneRow row, params ObjectKind[] partners) =>
        new(kind, home, colour, count, row, partners, []);

    private static KindFacts Alive(
        ObjectKind kind, SceneColour colour, int count, SceneRow row, SceneAction[] actions, params ObjectKind[] partners) =>
        new(kind, null, colour, count, row, partners, actions);
}
