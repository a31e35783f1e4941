namespace SceneWorld;

/// <summary>Finds the drawing of a kind.</summary>
internal static class ObjectPainter
{
    /// <summary>Draws one object.</summary>
    /// <param name="sketch">The pen.</param>
    /// <param name="group">What to draw.</param>
    /// <param name="box">Where, in pixels.</param>
    public static void Draw(Sketch sketch, ObjectGroup group, PixelBox box)
    {
        sketch.Begin(box, Palette.Of(group.Colour));
        switch (group.Kind)
        {
            case ObjectKind.Person:
                LivingThings.Person(sketch, group.Action ?? SceneAction.Standing);
                break;
            case ObjectKind.Dog:
                LivingThings.Dog(sketch, group.Action ?? SceneAction.Standing);
                break;
            case ObjectKind.Cat:
                LivingThings.Cat(sketch, group.Action ?? SceneAction.Sleeping);
                break;
            case ObjectKind.Bird:
                LivingThings.Bird(sketch, group.Action ?? SceneAction.Sitting);
                break;
            default:
                DrawingOf(group.Kind)(sketch);
                break;
        }

        sketch.End();
    }

    private static Action<Sketch> DrawingOf(ObjectKind kind) => kind switch
    {
        ObjectKind.Cup => KitchenThings.Cup,
        ObjectKind.Plate => KitchenThings.Plate,
        ObjectKind.Pot => KitchenThings.Pot,
        ObjectKind.Kettle => KitchenThings.Kettle,
        ObjectKind.Apple => KitchenThings.Apple,
        ObjectKind.Fridge => KitchenThings.Fridge,
        ObjectKind.Car => StreetThings.Car,
        ObjectKind.Bus => StreetThings.Bus,
        ObjectKind.Bicycle => StreetThings.Bicycle,
        ObjectKind.Tree => StreetThings.Tree,
        ObjectKind.Bench => StreetThings.Bench,
        ObjectKind.Sign => StreetThings.Sign,
        ObjectKind.Sofa => LivingRoomThings.Sofa,
        ObjectKind.Lamp => LivingRoomThings.Lamp,
        ObjectKind.Television => LivingRoomThings.Television,
        ObjectKind.Book => LivingRoomThings.Book,
        ObjectKind.Vase => LivingRoomThings.Vase,
        ObjectKind.Clock => LivingRoomThings.Clock,
        ObjectKind.Bathtub => BathroomThings.Bathtub,
        ObjectKind.Toilet => BathroomThings.Toilet,
        ObjectKind.Towel => BathroomThings.Towel,
        ObjectKind.Mirror => BathroomThings.Mirror,
        ObjectKind.Toothbrush => BathroomThings.Toothbrush,
        ObjectKind.Bucket => BathroomThings.Bucket,
        ObjectKind.Chair => LivingRoomThings.Chair,
        ObjectKind.Ball => LivingRoomThings.Ball,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No drawing for this kind."),
    };
}
